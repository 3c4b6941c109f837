package public

import (
	"strconv"
	"testing"

	"tiebreak/internal/web/page"
)

func TestLRUDropsWhatWasUsedLongestAgoAndStaysWithinItsBound(t *testing.T) {
	t.Parallel()
	l := newLRU[string, int](100)
	for i := range 10 {
		l.put(strconv.Itoa(i), i, 10)
	}
	l.get("0")
	l.put("new", 1, 15)
	for key, kept := range map[string]bool{"0": true, "1": false, "2": false, "3": true, "new": true} {
		if _, ok := l.byKey[key]; ok != kept {
			t.Errorf("%s is kept: %t", key, ok)
		}
	}
	l.put("new", 2, 50)
	if bytes, n := l.load(); bytes > 100 || n != len(l.byKey) || l.get("new") != 2 {
		t.Errorf("%d bytes in %d values", bytes, n)
	}
}

func TestAddressesWithAQueryDoNotPushPagesOut(t *testing.T) {
	t.Parallel()
	c := newCache(cacheBytes)
	kept := &cachedPage{Encoded: page.Encode(make([]byte, 1<<20),
		page.NewMedium(page.HTMLType, page.PageCaching, page.Uncompressed))}
	c.put(pageKey{"/compare/one", ""}, kept)
	for i := range 200 {
		c.put(pageKey{"/compare/one", "tick=" + strconv.Itoa(i)}, kept)
	}
	if c.get(pageKey{"/compare/one", ""}) == nil {
		t.Error("the page is gone")
	}
	if bytes, n := c.load(); bytes > cacheBytes/8+1<<20 || n < 10 {
		t.Errorf("%d bytes in %d pages", bytes, n)
	}
}
