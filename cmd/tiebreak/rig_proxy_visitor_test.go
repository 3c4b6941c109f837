//go:build rigs

package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// proxied is a site behind a proxy.
type proxied struct {
	t *testing.T
	recipeFiles
}

// client returns a client at the address that reaches the proxy under the site's name.
func (p proxied) client(from string) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 5 * time.Second}
	return &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
			DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
				port := p.https
				if strings.HasSuffix(address, ":80") {
					port = p.http
				}
				return dialer.DialContext(ctx, "tcp", "127.0.0.1:"+port)
			},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// base is what visitors ask for; the dialler knows the port.
const recipeBase = "https://" + recipeHost

// wantSite checks the guide, the redirect and a lead with a large form, and returns the path of the receipt.
func (p proxied) wantSite() (receipt string) {
	p.t.Helper()
	client := p.client("127.0.0.2")
	status, proto, _, page := answer(p.t, client, http.MethodGet, recipeBase+guidePath, "")
	if status != http.StatusOK || proto != "HTTP/2.0" || !strings.Contains(page, "Our verdict") {
		p.t.Errorf("the guide is answered with %d over %s", status, proto)
	}
	status, _, location, _ := answer(p.t, client, http.MethodGet, "http://"+recipeHost+guidePath, "")
	location = strings.Replace(location, ":"+p.https, "", 1) // Caddy expects that the port is forwarded
	if status != http.StatusPermanentRedirect || location != recipeBase+guidePath {
		p.t.Errorf("plain HTTP is answered with %d, %s", status, location)
	}
	answer(p.t, client, http.MethodGet, "http://"+recipeHost+"/requests/PLAINSECRET", "")
	form := url.Values{
		"name": {"Sample Person"}, "email": {"proxied@example.org"}, "project": {"A sample project"}, "consent": {"yes"},
		"option": {"undecided"}, "unused": {strings.Repeat("x", 500<<10)},
	}.Encode()
	status, _, receipt, page = answer(p.t, client, http.MethodPost, recipeBase+"/intake", form)
	if status != http.StatusSeeOther || !strings.HasPrefix(receipt, "/requests/") {
		p.t.Fatalf("a lead is answered with %d, %s: %.500s", status, receipt, page)
	}
	p.slowForm(client)
	return receipt
}

// slowForm sends a form that takes longer than the work on it may.
func (p proxied) slowForm(client *http.Client) {
	p.t.Helper()
	form := url.Values{
		"name": {"Sample Person"}, "email": {"slow@example.org"}, "project": {"Another project"}, "consent": {"yes"},
		"option": {"undecided"},
	}.Encode()
	in, out := io.Pipe()
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for i := range 6 {
			_, _ = io.WriteString(out, form[i*10:(i+1)*10])
			<-tick.C
		}
		_, _ = io.WriteString(out, form[60:])
		_ = out.Close()
	}()
	request, err := http.NewRequest(http.MethodPost, recipeBase+"/intake", in)
	must(p.t, err)
	request.ContentLength = int64(len(form))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	must(p.t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		p.t.Errorf("a slow form is answered with %d", response.StatusCode)
	}
}

// wantClientAddresses has one visitor guess passwords, with another address in X-Forwarded-For each time.
func (p proxied) wantClientAddresses() {
	p.t.Helper()
	guess := func(from string, i int) int {
		form := url.Values{"email": {"nobody@example.org"}, "password": {"a wrong password"}}.Encode()
		request, err := http.NewRequest(http.MethodPost, recipeBase+"/staff/sign-in", strings.NewReader(form))
		must(p.t, err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-Forwarded-For", "198.51.100."+strconv.Itoa(i))
		response, err := p.client(from).Do(request)
		must(p.t, err)
		defer response.Body.Close()
		return response.StatusCode
	}
	for i := range 10 {
		if status := guess("127.0.0.3", i); status != http.StatusUnprocessableEntity {
			p.t.Fatalf("guess %d is answered with %d", i, status)
		}
	}
	if status := guess("127.0.0.3", 11); status != http.StatusTooManyRequests {
		p.t.Errorf("the eleventh guess is answered with %d", status)
	}
	if status := guess("127.0.0.4", 12); status != http.StatusUnprocessableEntity {
		p.t.Errorf("a guess of somebody else is answered with %d", status)
	}
}

// wantOtherInstance checks that nobody notices that one instance has gone.
func (p proxied) wantOtherInstance() {
	p.t.Helper()
	client := p.client("127.0.0.5")
	for i := range 20 {
		if status, _, _, _ := answer(p.t, client, http.MethodGet, recipeBase+guidePath, ""); status != http.StatusOK {
			p.t.Errorf("without one instance, guide %d is answered with %d", i, status)
		}
		form := url.Values{
			"name": {"Sample Person"}, "email": {fmt.Sprintf("gone-%d@example.org", i)}, "project": {"A project"},
			"consent": {"yes"}, "option": {"undecided"},
		}.Encode()
		if status, _, _, _ := answer(p.t, client, http.MethodPost, recipeBase+"/intake", form); status != http.StatusSeeOther {
			p.t.Errorf("without one instance, lead %d is answered with %d", i, status)
		}
	}
}

// wantNoSecretsInLog opens secret links, and what their pages load, and leaves before the pages are there. The log has them as
// little as it has addresses and searches.
func (p proxied) wantNoSecretsInLog(receipt string) {
	p.t.Helper()
	client := p.client("127.0.0.6")
	secrets := []string{"PLAINSECRET", strings.TrimPrefix(receipt, "/requests/"), "127.0.0.6", "SEARCHEDFOR"}
	paths := []string{receipt, "/search?q=SEARCHEDFOR"}
	for i, path := range []string{"/staff/invitations/", "/staff/reset/", "/staff/setup/"} {
		secret := fmt.Sprintf("SECRET%d", i)
		secrets, paths = append(secrets, secret), append(paths, path+secret)
	}
	for _, path := range slices.Repeat(paths, 10) {
		for _, address := range []string{path, guidePath} {
			request, err := http.NewRequest(http.MethodGet, recipeBase+address, nil)
			must(p.t, err)
			request.Header.Set("Referer", recipeBase+path)
			response, err := client.Do(request)
			must(p.t, err)
			_ = response.Body.Close()
		}
	}
	eventually(p.t, "the log has the guides", func() bool { return strings.Count(readFile(p.t, p.log), guidePath) > 20 })
	for _, secret := range secrets {
		if text := readFile(p.t, p.log); strings.Contains(text, secret) {
			p.t.Errorf("%s is in the log: %s", secret, text[strings.Index(text, secret)-200:][:400])
		}
	}
}
