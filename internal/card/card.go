// Package card draws the picture that stands for a guide where somebody links to it: the names, the answer and the score
// line. It is read in passing and small, so nothing in it is under 26 pixels.
package card

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"slices"

	"tiebreak/internal/guide"
)

// Width and Height are the size in pixels that readers of Open Graph expect.
const (
	Width  = 1200
	Height = 630
)

const (
	margin = 64 // what some readers crop is inside of it
	gap    = 48 // between columns
)

// The colours of the site, light.
var (
	paper = color.RGBA{0xf6, 0xf6, 0xf3, 0xff}
	ink   = color.RGBA{0x15, 0x15, 0x15, 0xff}
	soft  = color.RGBA{0x55, 0x56, 0x4f, 0xff}
	own   = [guide.MaxOptions]color.RGBA{
		{0x0a, 0x5b, 0xa8, 0xff},
		{0xae, 0x43, 0x00, 0xff},
		{0x8c, 0x2c, 0x7c, 0xff},
		{0x46, 0x68, 0x0a, 0xff},
	}
)

// Draw writes the card of an edition as PNG. The same edition and brand give the same bytes.
func Draw(w io.Writer, e *guide.Edition, brand string) error {
	c := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, Width, Height)), faces: map[style]*face{}}
	draw.Draw(c, c.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	rows := e.Rows()

	c.brand(brand)
	if bottom, fit := c.names(e.Names(), 168); fit {
		c.answers(e, bottom+44, true)
	} else {
		c.answers(e, 140, false)
	}
	c.score(e, rows)
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return encoder.Encode(w, c.RGBA)
}

func (c *canvas) brand(brand string) {
	const baseline = margin + 26
	c.mark(0, margin, baseline-22, 22)
	c.rectangle(margin+28, baseline-28, 3, 34, ink)
	c.mark(1, margin+37, baseline-22, 22)
	name := style{bold, 30}
	c.text(name, margin+74, baseline, Width-2*margin-74, ink, brand)
}

// names draws "Django vs FastAPI" as large as it fits on one line, and returns where it ends. Names that do not fit stand
// at the head of their columns instead.
func (c *canvas) names(names []string, top int) (bottom int, fit bool) {
	for size := 92; size >= 56; size -= 4 {
		if c.nameLine(names, size, 0) > Width-margin {
			continue
		}
		c.nameLine(names, size, top+size*3/4)
		return top + size*3/4, true
	}
	return top, false
}

// nameLine draws the names on a baseline, or only measures them if that is 0, and returns where they end.
func (c *canvas) nameLine(names []string, size, baseline int) int {
	name, small := style{bold, size}, style{regular, size * 5 / 9}
	x, side := margin, size*5/9
	for i, n := range names {
		if i > 0 {
			x += size / 3
			if baseline > 0 {
				c.text(small, x, baseline, Width, soft, "vs")
			}
			x += c.width(small, "vs") + size/3
		}
		if baseline > 0 {
			c.mark(i, x, baseline-side-size/14, side)
			c.text(name, x+side+size/4, baseline, Width, ink, n)
		}
		x += side + size/4 + c.width(name, n)
	}
	return x
}

// answers draws a column an option: in which case to choose it, headed by its name where that does not stand above.
func (c *canvas) answers(e *guide.Edition, top int, named bool) {
	const bottom = 462
	n := len(e.Options)
	column := (Width - 2*margin - (n-1)*gap) / n
	words, name := style{regular, []int{30, 28, 26}[n-2]}, style{bold, []int{48, 40, 34}[n-2]}
	for i, o := range e.Options {
		x, y := margin+i*(column+gap), top
		c.rectangle(x, y, column, 6, own[i])
		y += 12
		if !named {
			for j, line := range c.wrap(name, o.Name, column-name.size, 2) {
				y += name.size * 6 / 5
				if j == 0 {
					c.mark(i, x, y-name.size*5/8, name.size*5/9)
				}
				c.text(name, x+name.size*4/5, y, column-name.size*4/5, ink, line)
			}
			y += 8
		}
		height := words.size * 4 / 3
		for _, line := range c.wrap(words, "Choose it "+guide.PlainText(e.Guide.Answer[o.Slug]), column, (bottom-y)/height) {
			y += height
			c.text(words, x, y, column, ink, line)
		}
	}
}

// score draws the score line, one place a row, and the counts below it.
func (c *canvas) score(e *guide.Edition, rows []guide.Row) {
	const line, side = 506, 20
	c.rectangle(margin, line, Width-2*margin, 3, ink)
	step := float64(Width-2*margin) / float64(max(1, len(rows)))
	for i, r := range rows {
		x := margin + int(step*(float64(i)+.5))
		c.rectangle(x-1, line, 2, 10, ink)
		switch place := slices.IndexFunc(e.Options, func(o guide.Option) bool { return o.Slug == r.Edge }); {
		case place >= 0:
			c.mark(place, x-side/2, line-side-8, side)
		case r.Edge == guide.Even:
			c.rectangle(x-8, line-22, 16, 4, soft)
			c.rectangle(x-8, line-14, 16, 4, soft)
		default:
			c.text(style{bold, 26}, x-7, line-9, side, soft, "?")
		}
	}
	c.counts(e, guide.CountRows(rows), Height-margin)
}

func (c *canvas) counts(e *guide.Edition, s guide.Score, baseline int) {
	number, words := style{bold, 40}, style{regular, 28}
	n := len(e.Options) + 1
	column := (Width - 2*margin - (n-1)*gap/2) / n
	for i, o := range e.Options {
		x := margin + i*(column+gap/2)
		c.mark(i, x, baseline-25, 25)
		x = c.text(number, x+36, baseline, column, ink, fmt.Sprint(s.Ahead[o.Slug])) + 10
		c.text(words, x, baseline, margin+i*(column+gap/2)+column-x, soft, o.Name)
	}
	x := margin + len(e.Options)*(column+gap/2)
	c.text(words, x, baseline, column, soft, fmt.Sprintf("ahead, of %d", s.Rows))
}
