package card

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/vector"
)

type canvas struct {
	*image.RGBA
	faces map[style]*face
}

func (c *canvas) rectangle(x, y, w, h int, in color.Color) {
	draw.Draw(c, image.Rect(x, y, x+w, y+h), image.NewUniform(in), image.Point{}, draw.Src)
}

// mark draws the shape and colour of the option at a place of the page's order, in a square.
func (c *canvas) mark(place, x, y, side int) {
	z := vector.NewRasterizer(side, side)
	s := float32(side)
	switch place {
	case 0: // a circle of four curves
		const k = .5523
		r := s / 2
		z.MoveTo(s, r)
		z.CubeTo(s, r+k*r, r+k*r, s, r, s)
		z.CubeTo(r-k*r, s, 0, r+k*r, 0, r)
		z.CubeTo(0, r-k*r, r-k*r, 0, r, 0)
		z.CubeTo(r+k*r, 0, s, r-k*r, s, r)
	case 1:
		polygon(z, .05*s, .05*s, .95*s, .05*s, .95*s, .95*s, .05*s, .95*s)
	case 2:
		polygon(z, .5*s, .03*s, s, .94*s, 0, .94*s)
	default:
		polygon(z, .5*s, 0, s, .5*s, .5*s, s, 0, .5*s)
	}
	z.ClosePath()
	z.Draw(c, image.Rect(x, y, x+side, y+side), image.NewUniform(own[place]), image.Point{})
}

func polygon(z *vector.Rasterizer, points ...float32) {
	z.MoveTo(points[0], points[1])
	for i := 2; i < len(points); i += 2 {
		z.LineTo(points[i], points[i+1])
	}
}
