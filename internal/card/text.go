package card

import (
	"image"
	"image/color"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// style is a font and its size in pixels.
type style struct {
	weight weight
	size   int
}

type weight int

const (
	regular weight = iota
	bold
)

// fonts are the Go fonts (BSD) and, for the characters that they lack, DejaVu (free, Bitstream Vera): they come with the
// program, so that a card looks alike on every machine. The first index is the weight.
var fonts = sync.OnceValue(func() [2][]*opentype.Font {
	return [2][]*opentype.Font{
		regular: {parsed(goregular.TTF), parsed(dejavusans.TTF)},
		bold:    {parsed(gobold.TTF), parsed(dejavusansbold.TTF)},
	}
})

// Draws reports whether cards show the character. Scripts that run from right to left or join their letters are not drawn:
// without their rules they would be wrong.
func Draws(r rune) bool {
	return fontOf(regular, r) >= 0 && fontOf(bold, r) >= 0
}

// fontOf returns the index of the first font that has the character, or -1.
func fontOf(w weight, r rune) int {
	if unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) {
		return -1
	}
	var buffer sfnt.Buffer
	for i, f := range fonts()[w] {
		if glyph, err := f.GlyphIndex(&buffer, r); err == nil && glyph != 0 {
			return i
		}
	}
	return -1
}

func parsed(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // part of the program
	}
	return f
}

// face is a style's faces, in the order of fonts. It draws each character from the first font that has it, and nothing for
// a character that none has: never a box.
type face struct {
	weight weight
	fonts  []font.Face
}

// face returns the style's face. Each drawing has its own, since they are not safe for use at once.
func (c *canvas) face(s style) *face {
	if f, made := c.faces[s]; made {
		return f
	}
	f := &face{weight: s.weight}
	for _, source := range fonts()[s.weight] {
		made, err := opentype.NewFace(source, &opentype.FaceOptions{Size: float64(s.size), DPI: 72})
		if err != nil {
			panic(err) // only of options that are not ours
		}
		f.fonts = append(f.fonts, made)
	}
	c.faces[s] = f
	return f
}

// runs visits the pieces of the text that one font draws, in order.
func (f *face) runs(text string, visit func(from font.Face, piece string)) {
	start, last := 0, -1
	for i, r := range text {
		now := fontOf(f.weight, r)
		if now == last {
			continue
		}
		if last >= 0 {
			visit(f.fonts[last], text[start:i])
		}
		start, last = i, now
	}
	if last >= 0 {
		visit(f.fonts[last], text[start:])
	}
}

func (c *canvas) width(s style, text string) int {
	var width fixed.Int26_6
	c.face(s).runs(text, func(from font.Face, piece string) { width += font.MeasureString(from, piece) })
	return width.Ceil()
}

// text draws one line, shortened to the room that it has, and returns where it ends.
func (c *canvas) text(s style, x, baseline, room int, in color.Color, text string) int {
	d := font.Drawer{Dst: c, Src: image.NewUniform(in), Dot: fixed.P(x, baseline)}
	c.face(s).runs(c.shortened(s, text, room), func(from font.Face, piece string) {
		d.Face = from
		d.DrawString(piece)
	})
	return d.Dot.X.Ceil()
}

// shortened returns as much of the text as has room, with an ellipsis if that is not all.
func (c *canvas) shortened(s style, text string, room int) string {
	if c.width(s, text) <= room {
		return text
	}
	for text != "" && c.width(s, text+"…") > room {
		_, size := utf8.DecodeLastRuneInString(text)
		text = strings.TrimRight(text[:len(text)-size], " ,;:")
	}
	return text + "…"
}

// wrap breaks the text into at most so many lines; the last one ends after a word.
func (c *canvas) wrap(s style, text string, room, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line == "" || c.width(s, longer) <= room {
			line = longer
			continue
		}
		if len(lines) == most-1 {
			for c.width(s, line+"…") > room && strings.Contains(line, " ") {
				line = line[:strings.LastIndexByte(line, ' ')]
			}
			return append(lines, c.shortened(s, strings.TrimRight(line, ",;:")+"…", room))
		}
		lines, line = append(lines, c.shortened(s, line, room)), word
	}
	return append(lines, c.shortened(s, line, room))
}
