package card_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/card"
	"tiebreak/internal/guide"
)

// sample returns an edition that compares options of these names on twelve rows.
func sample(names ...string) *guide.Edition {
	e := &guide.Edition{Guide: guide.Guide{Answer: map[string]string{}}}
	for i, name := range names {
		slug := fmt.Sprintf("option-%d", i)
		e.Options = append(e.Options, guide.Option{Slug: slug, Name: name})
		e.Guide.Answer[slug] = "for **sample** work that goes on for a sentence of the usual length, with a clause at " +
			"its end.[^1]"
	}
	for i := range 12 {
		c := guide.Criterion{ID: fmt.Sprint(i), Label: "Row", Values: map[string]string{}, Edge: guide.Even}
		if i%3 > 0 {
			c.Edge = e.Options[i%len(e.Options)].Slug
		}
		e.Guide.Summary = append(e.Guide.Summary, c)
	}
	return e
}

func drawn(t *testing.T, e *guide.Edition) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := card.Draw(&out, e, "Sample Studio"); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCardIsAPictureOfTheEditionAlone(t *testing.T) {
	t.Parallel()
	e := sample("Alder", "Birch")
	first := drawn(t, e)
	if !bytes.Equal(first, drawn(t, e)) {
		t.Error("the same edition gives another picture")
	}
	e.Guide.Summary[0].Edge = e.Options[0].Slug
	if bytes.Equal(first, drawn(t, e)) {
		t.Error("another score gives the same picture")
	}
}

func TestNothingIsDrawnOnTheMargin(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Extraordinarily ", 5) + "Long"
	for name, e := range map[string]*guide.Edition{
		"two":   sample("Django", "FastAPI"),
		"three": sample("Django", "FastAPI", "Flask"),
		"four":  sample("PostgreSQL", "MySQL", "SQLite", "MariaDB"),
		"long":  sample(long, long, long, "日本語 Ünïcödé"),
		"alone": sample("A", strings.Repeat("x", 200)),
	} {
		file := drawn(t, e)
		if folder := os.Getenv("CARDS"); folder != "" {
			_ = os.WriteFile(filepath.Join(folder, name+".png"), file, 0o644)
		}
		picture, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if picture.Bounds() != image.Rect(0, 0, 1200, 630) {
			t.Errorf("%s: %v", name, picture.Bounds())
		}
		inside, outside := 0, 0
		paper := picture.At(0, 0)
		for y := range 630 {
			for x := range 1200 {
				if picture.At(x, y) == color.Color(paper) {
					continue
				}
				if image.Pt(x, y).In(image.Rect(56, 50, 1144, 586)) {
					inside++
				} else {
					outside++
				}
			}
		}
		if outside > 0 || inside < 10_000 {
			t.Errorf("%s: %d pixels on the margin, %d inside", name, outside, inside)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	e := sample("Django", "FastAPI")
	b.ReportAllocs()
	for b.Loop() {
		if err := card.Draw(new(bytes.Buffer), e, "Sample Studio"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestCharactersOutsideTheMainFontAreDrawnAndNothingIsABox(t *testing.T) {
	t.Parallel()
	for _, r := range "→ ≥ ½ € ệ ơ ✓ ✗ ₹ ♯ ⅔ Ё ş ẞ" {
		if !card.Draws(r) {
			t.Errorf("%c is not drawn", r)
		}
	}
	for _, r := range "日あ한نא\U0001f680" {
		if card.Draws(r) {
			t.Errorf("%c is said to be drawn", r)
		}
	}
	if bytes.Equal(drawn(t, sample("Vit", "Birch")), drawn(t, sample("Việt", "Birch"))) {
		t.Error("a letter of the second font is left out")
	}
	if !bytes.Equal(drawn(t, sample("Alder", "Birch")), drawn(t, sample("Alder日本", "Birch\U0001f680"))) {
		t.Error("characters that no font has leave a mark")
	}
}
