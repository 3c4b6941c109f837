package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxForm bounds a form's body, in bytes; maxDiscarded what is still read and dropped beyond it, so that a browser that is
// busy sending gets to see the answer.
const (
	maxForm      = 512 << 10
	maxDiscarded = 16 << 20
)

// responseTimeout bounds how long the visitor may take for the answer to a form, counted from when the form has arrived.
const responseTimeout = 30 * time.Second

// FormPace bounds how long a form may take to arrive. This time is the visitor's: the time for our own work starts after it.
type FormPace struct {
	Whole time.Duration // from its first byte to its last
	Pause time.Duration // from one piece to the next, and after the server was told to stop
}

var DefaultFormPace = FormPace{Whole: time.Minute, Pause: 10 * time.Second}

var (
	ErrFormTooLarge   = errors.New("the form is too large")
	ErrIncompleteForm = errors.New("the form did not arrive whole")
)

// ReceiveForm reads the request's form into memory, so that nothing that works on it waits for the visitor's connection. It
// returns the request, whose form ReadForm returns.
func (c *Core) ReceiveForm(w http.ResponseWriter, r *http.Request) *http.Request {
	if r.Method != http.MethodPost {
		return r
	}
	control := http.NewResponseController(w)
	line := &pacedReader{body: r.Body, control: control, pace: c.Pace, began: time.Now(), stopped: c.Stopped.Load}
	body, err := io.ReadAll(http.MaxBytesReader(w, io.NopCloser(line), maxForm))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		body, err = nil, fmt.Errorf("%w: %w", ErrFormTooLarge, err)
		_, _ = io.Copy(io.Discard, io.LimitReader(line, maxDiscarded))
	case err != nil:
		err = fmt.Errorf("%w: %w", ErrIncompleteForm, err)
	}
	line.release()
	_ = control.SetWriteDeadline(time.Now().Add(responseTimeout))
	ctx := r.Context()
	if err != nil { // net/http takes a connection that was too slow for a visitor who left, and ends the context
		ctx = context.WithoutCancel(ctx)
	}
	values, damage := parseForm(r.Header.Get("Content-Type"), body)
	if err == nil {
		err = damage
	}
	return r.WithContext(context.WithValue(ctx, formKey, form{values, err}))
}

// pacedReader reads a body with a deadline for each piece. Where the connection has no deadlines it just reads.
type pacedReader struct {
	body    io.Reader
	control *http.ResponseController
	pace    FormPace
	began   time.Time
	stopped func() *time.Time // when the server was told to stop; nil while it was not
	ended   bool
}

func (p *pacedReader) Read(to []byte) (int, error) {
	limit := earliest(time.Now().Add(p.pace.Pause), p.began.Add(p.pace.Whole))
	if at := p.stopped(); at != nil {
		limit = earliest(limit, at.Add(p.pace.Pause))
	}
	_ = p.control.SetReadDeadline(limit)
	n, err := p.body.Read(to)
	p.ended = p.ended || errors.Is(err, io.EOF)
	return n, err
}

// release lifts the deadline, which would otherwise end the work on a form that arrived. Where it did not, net/http must not
// wait for the rest before it sends our answer.
func (p *pacedReader) release() {
	var limit time.Time
	if !p.ended {
		limit = time.Now()
	}
	_ = p.control.SetReadDeadline(limit)
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
