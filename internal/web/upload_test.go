package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"tiebreak/internal/staff"
)

// upload is a form on its way: its connection, and what of it is still to be sent.
type upload struct {
	t    *testing.T
	conn net.Conn
	rest string
}

// upload sends the head of a form's request, with the browser's cookies.
func (s *site) upload(t *testing.T, path string, form url.Values) *upload {
	t.Helper()
	return s.uploadOf(t, path, urlEncoded, form.Encode())
}

func (s *site) uploadOf(t *testing.T, path, kind, body string) *upload {
	t.Helper()
	host := s.origin().Host
	conn, err := net.Dial("tcp", host)
	noError(t, err)
	t.Cleanup(func() { conn.Close() })
	u := &upload{t, conn, body}
	u.write(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		path, host, s.cookies(), kind, len(u.rest)))
	return u
}

func (u *upload) write(text string) {
	u.t.Helper()
	_, err := io.WriteString(u.conn, text)
	noError(u.t, err)
}

// send sends the next bytes of the form.
func (u *upload) send(bytes int) {
	u.t.Helper()
	u.write(u.rest[:bytes])
	u.rest = u.rest[bytes:]
}

// trickle sends the form in ten pieces, the last of them after the time.
func (u *upload) trickle(over time.Duration) {
	u.t.Helper()
	tick := time.NewTicker(over / 9)
	defer tick.Stop()
	for left := 10; left > 1; left-- {
		u.send(len(u.rest) / left)
		<-tick.C
	}
	u.send(len(u.rest))
}

// answer reads the answer.
func (u *upload) answer() answer {
	u.t.Helper()
	noError(u.t, u.conn.SetReadDeadline(time.Now().Add(answerLimit)))
	response, err := http.ReadResponse(bufio.NewReader(u.conn), &http.Request{Method: http.MethodPost})
	if err != nil {
		u.t.Fatalf("no answer: %v", err)
	}
	return read(u.t, "the form", response)
}

// TestSlowFormIsTaken has forms take longer to arrive than our own work may.
func TestSlowFormIsTaken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")
	s.ask("A lead of its own for the reply, which a note would stop")
	s.signIn(staff.Editor)
	seen := s.seen("TB-0002")
	for name, sent := range map[string]struct {
		path string
		form url.Values
	}{
		"request": {"/intake", request(fields("email", "slow@example.org"))},
		"note":    {receipt + "/notes", fields("note", "What I forgot", "key", "NOTE")},
		"reply":   {"/staff/leads/TB-0002/reply", fields("reply", "Hello", "seen", seen, "key", "REPLY", "do", "send")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := s.upload(t, sent.path, sent.form)
			u.trickle(answerLimit)
			u.answer().wantStatus(http.StatusSeeOther)
		})
	}
}

// TestFormThatStopsArrivingIsGivenBack covers a line that falls silent and one that is slow for too long.
func TestFormThatStopsArrivingIsGivenBack(t *testing.T) {
	t.Parallel()
	for name, pace := range map[string]struct{ whole, pause time.Duration }{
		"silent": {time.Minute, 200 * time.Millisecond},
		"slow":   {200 * time.Millisecond, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.pace(pace.whole, pace.pause)
			u := s.upload(t, "/intake", fields("name", "Sample Person", "project", "ü sample"))
			u.send(len("name=Sample+Person&project=%C3%BC+sam%"))

			page := u.answer().wantStatus(http.StatusBadRequest)
			page.wantText("[role=alert]", "Part of the form is missing").wantText("#project", "ü sam").
				wantAttr("#name", "value", "Sample Person")
			if _, err := u.conn.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("the connection is still open: %v", err)
			}
		})
	}
}

// wantGivenBack checks that the page shows what arrived of a form, to be copied.
func (a answer) wantGivenBack(text string) {
	a.t.Helper()
	a.wantStatus(http.StatusBadRequest).wantText("[role=alert]", "Nothing was changed. What arrived is below")
	a.wantCount("main button", 0).wantExactText("main textarea", text)
}

// TestBrokenTextIsGivenBackAndChangesNothing sends each form with a text of its own twice: damaged, and so that it breaks off.
func TestBrokenTextIsGivenBackAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.ask("A sample project")
	s.signIn(staff.Editor)
	s.post("/staff/leads/TB-0001/draft", fields("reply", "A draft")).wantStatus(http.StatusNoContent)
	seen := s.seen("TB-0001")
	s.pace(time.Minute, 200*time.Millisecond)
	for path, form := range map[string]string{
		receipt + "/notes":                "key=NOTE&note=",
		"/staff/leads/TB-0001/reply":      "do=send&key=REPLY&seen=" + seen + "&reply=",
		"/staff/leads/TB-0001/team-notes": "key=TEAM&note=",
		"/staff/leads/TB-0001/draft":      "reply=",
		"/staff/templates":                "id=0&name=Sample&text=",
	} {
		s.postBody(path, "id=%zz&key=%zz&"+form+"100%; wrong").wantGivenBack("100%; wrong")
		arrived := form + "Half+of%2"
		u := s.uploadOf(t, path, urlEncoded, arrived+"which is never sent")
		u.send(len(arrived))
		u.answer().wantGivenBack("Half of")
	}
	s.wantReplies(0)
	s.get(receipt).wantCount(".thread .typed", 0)
	s.get("/staff/leads/TB-0001").wantExactText("textarea[name=reply]", "A draft")
}

func TestMultipartFormThatBreaksOffShowsWhatArrived(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.pace(time.Minute, 200*time.Millisecond)
	arrived := "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nSample Person\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"project\"\r\n\r\nA 100% sample"
	u := s.uploadOf(t, "/intake", "multipart/form-data; boundary=x", arrived+" project\r\n--x--\r\n")
	u.send(len(arrived))
	u.answer().wantStatus(http.StatusBadRequest).wantText("#project", "A 100% sample").
		wantAttr("#name", "value", "Sample Person")
	whole := s.uploadOf(t, "/intake", "multipart/form-data; boundary=x", arrived+"\r\n--x--\r\n")
	whole.send(len(whole.rest))
	whole.answer().wantStatus(http.StatusUnprocessableEntity).wantText("#project", "A 100% sample")
}

// TestStopHurriesFormsOnTheirWay has the server stop while one form is silent and another one arrives.
func TestStopHurriesFormsOnTheirWay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.pace(time.Minute, time.Second)
	arriving, late := s.upload(t, "/intake", request(nil)), s.upload(t, "/intake", request(nil))
	for range 2 {
		arriving.send(10)
		late.send(10)
	}
	s.server().Stop()
	arriving.send(len(arriving.rest))
	arriving.answer().wantStatus(http.StatusSeeOther)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); time.Since(began) < 2*time.Second && len(late.rest) > 1; <-tick.C {
		if _, err := io.WriteString(late.conn, late.rest[:1]); err != nil {
			break
		}
		late.rest = late.rest[1:]
	}
	late.answer().wantStatus(http.StatusBadRequest)
}

func (s *site) pace(whole, pause time.Duration) { s.server().SetPace(whole, pause) }
