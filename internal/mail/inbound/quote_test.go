package inbound_test

import (
	"strings"
	"testing"

	"tiebreak/internal/mail/inbound"
)

// Each line stands before a quote in the program and language that is named.
func TestLineBeforeAQuoteIsKnownInManyLanguages(t *testing.T) {
	t.Parallel()
	for program, line := range map[string]string{
		"Gmail, Italian":       "Il giorno lun 30 nov 2026 alle ore 09:50 Sam Sample <sam@studio.example> ha scritto:",
		"Gmail, Portuguese":    "Em seg., 30 de nov. de 2026 às 09:50, Sam Sample <sam@studio.example> escreveu:",
		"Gmail, Dutch":         "Op ma 30 nov 2026 om 09:50 schreef Sam Sample <sam@studio.example>:",
		"Gmail, Polish":        "pon., 30 lis 2026 o 09:50 Sam Sample <sam@studio.example> napisał(a):",
		"Gmail, Swedish":       "Den mån 30 nov. 2026 kl 09:50 skrev Sam Sample <sam@studio.example>:",
		"Gmail, Danish":        "Den man. 30. nov. 2026 kl. 09.50 skrev Sam Sample <sam@studio.example>:",
		"Gmail, Finnish":       "ma 30. marrask. 2026 klo 9.50 Sam Sample (sam@studio.example) kirjoitti:",
		"Gmail, Czech":         "po 30. 11. 2026 v 9:50 odesílatel Sam Sample <sam@studio.example> napsal:",
		"Gmail, Ukrainian":     "пн, 30 лист. 2026 р. о 09:50 Sam Sample <sam@studio.example> пише:",
		"Gmail, Turkish":       "Sam Sample <sam@studio.example>, 30 Kas 2026 Pzt, 09:50 tarihinde şunu yazdı:",
		"Gmail, Hungarian":     "Sam Sample <sam@studio.example> ezt írta (időpont: 2026. nov. 30., H, 9:50):",
		"Gmail, Korean":        "2026년 11월 30일 (월) 오전 9:50, Sam Sample <sam@studio.example>님이 작성:",
		"Thunderbird, French":  "Le 30/11/2026 à 09:50, Sam Sample a écrit :",
		"Thunderbird, Dutch":   "Op 30-11-2026 om 09:50 schreef Sam Sample:",
		"Apple Mail, English":  "On 30 Nov 2026, at 09:50, Sam Sample <sam@studio.example> wrote:",
		"Apple Mail, German":   "Am 30.11.2026 um 09:50 schrieb Sam Sample <sam@studio.example>:",
		"Outlook, French":      "De : Sam Sample\nEnvoyé : lundi 30 novembre 2026 09:50\nÀ : Ada\nObjet : Devis",
		"Outlook, Spanish":     "De: Sam Sample\nEnviado el: lunes, 30 de noviembre de 2026 9:50\nPara: Ada\nAsunto: Oferta",
		"Outlook, Italian":     "Da: Sam Sample\nInviato: lunedì 30 novembre 2026 09:50\nA: Ada Sample\nOggetto: Offerta",
		"Outlook, Dutch":       "Van: Sam Sample\nVerzonden: maandag 30 november 2026 09:50\nAan: Ada\nOnderwerp: Offerte",
		"Outlook, bold labels": "*From:* Sam Sample <sam@studio.example>\n*Sent:* Monday, 30 November 2026\n*To:* Ada",
		"GMX":                  "Gesendet: Montag, 30. November 2026 um 09:50 Uhr\nVon: \"Sam\" <sam@studio.example>\nAn: Ada",
		"Zoho":                 "---- On Mon, 30 Nov 2026 09:50:36 +0530 Sam Sample <sam@studio.example> wrote ----",
	} {
		raw := head + "Content-Type: text/plain; charset=utf-8\n\nThat is fine.\n\n" + line +
			"\n\nTuesday at 10:00 works for us.\n"
		m := inbound.Read([]byte(raw), "")
		if m.Text != "That is fine." || !strings.Contains(m.Quoted, "Tuesday") {
			t.Errorf("%s: the text is %q", program, m.Text)
		}
	}
}

// A quote can be unfolded, but the words of the sender should be read at once.
func TestWordsOfTheSenderAreNotFolded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"On Monday I wrote to you: please answer.\n\nAda",
		"These are the dates:\n3 March 2026\n4 March 2026",
		"From: Berlin\nTo: Hamburg\n\nis our usual route.",
		"Meeting 30/11/2026 10:00:\nwe talk about the offer.",
		"From: our shop\nwe get 40 orders a day.\nDate: every Monday.",
		"Our addresses 2026:\nada@example.org\nbob@example.org",
	} {
		m := inbound.Read([]byte(head+"Content-Type: text/plain; charset=utf-8\n\n"+text+"\n"), "")
		if m.Text != text || m.Quoted != "" {
			t.Errorf("of %q the text is %q", text, m.Text)
		}
	}
}
