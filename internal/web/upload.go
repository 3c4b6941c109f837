package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxForm bounds a form's body, in bytes; maxDrained what is still read and dropped beyond it, so that a browser that is
// busy sending gets to see the answer.
const (
	maxForm    = 512 << 10
	maxDrained = 16 << 20
)

// answerTime bounds how long the reader may take for the answer to a form, counted from when the form has arrived.
const answerTime = 30 * time.Second

// pace bounds how long a form may take to arrive. This time is the reader's: the time for our own work starts after it.
type pace struct {
	whole time.Duration // from its first byte to its last
	pause time.Duration // from one piece to the next, and after the server was told to stop
}

var formPace = pace{whole: time.Minute, pause: 10 * time.Second}

var (
	errTooLarge = errors.New("the form is too large")
	errCut      = errors.New("the form did not arrive whole")
)

// receive reads the request's form into memory, so that nothing that works on it waits for the reader's line. It returns the
// request with what readForm returns.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) *http.Request {
	if r.Method != http.MethodPost {
		return r
	}
	control := http.NewResponseController(w)
	line := &pacedReader{body: r.Body, control: control, pace: s.pace, began: time.Now(), stopped: s.stopped.Load}
	body, err := io.ReadAll(http.MaxBytesReader(w, io.NopCloser(line), maxForm))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		body, err = nil, fmt.Errorf("%w: %w", errTooLarge, err)
		_, _ = io.Copy(io.Discard, io.LimitReader(line, maxDrained))
	case err != nil:
		err = fmt.Errorf("%w: %w", errCut, err)
	}
	line.release()
	_ = control.SetWriteDeadline(time.Now().Add(answerTime))
	ctx := r.Context()
	if err != nil { // net/http takes a line that was too slow for a reader who left, and ends the context
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
	pace    pace
	began   time.Time
	stopped func() *time.Time // when the server was told to stop; nil while it was not
	ended   bool
}

func (p *pacedReader) Read(to []byte) (int, error) {
	limit := earlier(time.Now().Add(p.pace.pause), p.began.Add(p.pace.whole))
	if at := p.stopped(); at != nil {
		limit = earlier(limit, at.Add(p.pace.pause))
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

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
