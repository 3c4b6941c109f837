package public

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/web/page"
)

// TestReaderAfterAChangeDoesNotGetThePageBeforeIt has a reader come while another one's page is drawn. In between the
// guide was published anew.
func TestReaderAfterAChangeDoesNotGetThePageBeforeIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &Handlers{pages: newCache(1 << 20)}
		r := httptest.NewRequestWithContext(context.WithValue(t.Context(), chi.RouteCtxKey, chi.NewRouteContext()),
			"GET", "/compare/a-vs-b", nil)
		show := func(from *page.Basis, takes time.Duration) *page.Encoded {
			drawn := &page.Encoded{}
			got, err := h.keepPage(r, "", from, func(context.Context) (*page.Encoded, error) {
				time.Sleep(takes)
				return drawn, nil
			})
			if err != nil || got != drawn {
				t.Errorf("the page that takes %v is not what was drawn for its reader (%v)", takes, err)
			}
			return got
		}
		var before sync.WaitGroup
		before.Go(func() { show(&page.Basis{}, time.Second) })
		synctest.Wait()
		now := &page.Basis{}
		shown := show(now, 0)
		if known := h.pages.get(pageKey{path: "/compare/a-vs-b"}); known.from != now || known.Encoded != shown {
			t.Error("the new page is not kept")
		}
		before.Wait()
	})
}
