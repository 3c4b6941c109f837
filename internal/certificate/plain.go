package certificate

import (
	"net/http"
	"net/url"
	"strings"
)

const challengePath = "/.well-known/acme-challenge/"

// Plain returns the handler of plain HTTP: it answers challenges, lets a balancer ask the site for its health, and redirects all
// else to https.
func (k *Keeper) Plain(site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, isChallenge := strings.CutPrefix(r.URL.Path, challengePath)
		switch {
		case r.URL.Path == "/livez" || r.URL.Path == "/readyz":
			site.ServeHTTP(w, r)
		case isChallenge:
			k.answerChallenge(w, r, token)
		case k.Until().IsZero():
			w.Header().Set("Retry-After", "60")
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "This site has no certificate yet. Please try again in a few minutes.", http.StatusServiceUnavailable)
		default:
			k.redirect(w, r)
		}
	})
}

func (k *Keeper) answerChallenge(w http.ResponseWriter, r *http.Request, token string) {
	answer := k.challenges.answer(r.Context(), http01, token)
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write(answer)
}

// redirect sends the visitor to the same page of the site, whatever host they asked for. A form is sent again as it was.
func (k *Keeper) redirect(w http.ResponseWriter, r *http.Request) {
	status := http.StatusPermanentRedirect
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		status = http.StatusMovedPermanently
	}
	to := url.URL{
		Scheme: k.BaseURL.Scheme, Host: k.BaseURL.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery,
	}
	http.Redirect(w, r, to.String(), status)
}
