package card

import (
	"image"
	"image/color"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
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

// fonts are the Go fonts (BSD): they come with the module, so that a card looks alike on every machine.
var fonts = sync.OnceValue(func() [2]*opentype.Font {
	return [2]*opentype.Font{parsed(goregular.TTF), parsed(gobold.TTF)}
})

func parsed(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // part of the program
	}
	return f
}

type face struct{ font.Face }

// face is the style's; each drawing has its own, since they are not safe for use at once.
func (c *canvas) face(s style) *face {
	if f, made := c.faces[s]; made {
		return f
	}
	made, err := opentype.NewFace(fonts()[s.weight], &opentype.FaceOptions{Size: float64(s.size), DPI: 72})
	if err != nil {
		panic(err) // only of options that are not ours
	}
	c.faces[s] = &face{made}
	return c.faces[s]
}

func (c *canvas) width(s style, text string) int {
	return font.MeasureString(c.face(s), text).Ceil()
}

// text draws one line, shortened to the room that it has, and returns where it ends.
func (c *canvas) text(s style, x, baseline, room int, in color.Color, text string) int {
	d := font.Drawer{Dst: c, Src: image.NewUniform(in), Face: c.face(s), Dot: fixed.P(x, baseline)}
	d.DrawString(c.shortened(s, text, room))
	return d.Dot.X.Ceil()
}

// shortened is as much of the text as has room, with an ellipsis if that is not all.
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
