package inbound

import "regexp"

// Mail programs write these words before a quote, in the language that they are set to.
var (
	// wrote has the verbs of "On … wrote:".
	wrote = regexp.MustCompile(`(?i)(\b(wrote|writes|schrieb|geschrieben|escreveu|schreef|geschreven|skrev|kirjoitti|pisze|napsal|` +
		`napsala|napisao|napisala|kirjutas|scris|verzond)\b|yazdı|a écrit|escribió|ha scritto|va escriure|napisał|napísal|` +
		`написал|написа|пишет|пише|ezt írta|έγραψε|כתב|đã viết|写道|寫道|のメール|書きました|작성|rašė|rakstīja)`)
	// ending is how such a line ends.
	ending = regexp.MustCompile(`([:：]|写道|寫道|wrote -{2,}|yazdı)$`)
	digit  = regexp.MustCompile(`\d`)
	year   = regexp.MustCompile(`\b(19|20)\d\d`)
	// startsAttribution matches the first of several lines: a date or an address, and no sentence that ends there.
	startsAttribution = regexp.MustCompile(`(\b(19|20)\d\d|\d{1,2}[./:]\d{1,2}|@).*[^.!?]$`)
	timeOfDay         = regexp.MustCompile(`\b\d{1,2}\s?[:.h]\s?\d{2}\b`)

	// original is the line above the email that was answered.
	original = regexp.MustCompile(`(?i)^-{2,}\s*(original message|original-nachricht|originalnachricht|ursprüngliche nachricht|` +
		`message d['’]origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|` +
		`ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|původní zpráva|` +
		`wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|оригинальное сообщение|原始邮件|元のメッセージ|원본 메시지|` +
		`reply message|urspr\. nachricht)\s*-{2,}$`)
	// rule is the line that Outlook draws.
	rule = regexp.MustCompile(`^[_-]{10,}$`)

	// fromLabel and otherLabel begin the lines of an email's header as it is quoted.
	fromLabel = regexp.MustCompile(`(?i)^(from|von|de|da|van|från|fra|od|от|від|lähettäjä|gönderen|kimden|feladó|expéditeur|` +
		`remitente|差出人|发件人|寄件者|보낸 사람)\s?[:：]\s?\S`)
	otherLabel = regexp.MustCompile(`(?i)^(sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado(?: el)?|` +
		`fecha|para|asunto|enviada em|assunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|dato|til|emne|` +
		`lähetetty|vastaanottaja|aihe|odesláno|komu|předmět|wysłano|do|dw|temat|отправлено|дата|кому|тема|надіслано|gönderildi|` +
		`kime|konu|elküldve|címzett|tárgy|送信日時|宛先|件名|发送时间|收件人|主题|보낸 날짜|받는 사람|제목)\s?[:：]`)

	// forwardPrefix begins the subject of an email that is forwarded.
	forwardPrefix = regexp.MustCompile(`(?i)^\s*(fwd?|wg|tr|rv|i|enc|doorst|vs|vb|vidarebef|pd|转发|轉寄|fs)\s?[:：]`)
)
