package web

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

// cacheBytes bounds what the page cache holds.
const cacheBytes = 128 << 20

// cached is a guide and the page that is drawn from it once somebody reads it. It is good for one version of the site and
// what is told of it.
type cached struct {
	slug     string
	edition  *guide.Edition
	standing postgres.Standing
	settings postgres.Settings
	drawing  sync.Mutex
	page     atomic.Pointer[encoded] // nil until somebody reads it
	card     *picture
	good     atomic.Pointer[settled] // what it was last found good for
	size     int                     // bytes that it counts for in the cache
}

// goodFor reports whether the page is known to be what the database would give.
func (c *cached) goodFor(version int64, now *settled) bool {
	return now.version == version && c.good.Load() == now
}

// cache keeps the pages used last, bounded in bytes.
type cache struct {
	mu     sync.Mutex
	bound  int
	bytes  int
	drawn  atomic.Int64 // pages that were not there or not good any more
	bySlug map[string]*list.Element
	used   *list.List   // of *cached; the latest in front
	queue  chan *cached // whose pages are to be compressed fully
}

func newCache(bound int) *cache {
	return &cache{bound: bound, bySlug: map[string]*list.Element{}, used: list.New(), queue: make(chan *cached, 1000)}
}

func (c *cache) get(slug string) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.bySlug[slug]
	if !ok {
		return nil
	}
	c.used.MoveToFront(element)
	return element.Value.(*cached)
}

// current reports whether the entry is still the one of its guide.
func (c *cache) current(entry *cached) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.holds(entry)
}

func (c *cache) holds(entry *cached) bool {
	element, ok := c.bySlug[entry.slug]
	return ok && element.Value == entry
}

// unread is what an edition takes in memory, roughly, before its page is drawn.
const unread = 150_000

// put keeps the entry in place of the one before it and lets go of what was used longest ago.
func (c *cache) put(entry *cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.bySlug[entry.slug]; ok {
		c.remove(element)
	}
	c.bySlug[entry.slug] = c.used.PushFront(entry)
	entry.size = unread
	c.bytes += entry.size
	c.shrink()
}

// read keeps the page that was drawn of an entry.
func (c *cache) read(entry *cached, page *encoded) {
	entry.page.Store(page)
	c.drawn.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.holds(entry) {
		return
	}
	// An edition in memory takes about three times its page. The best compression, made later, only makes it less. The
	// card, if it is drawn, is about as large as the page.
	c.bytes -= entry.size
	entry.size = 4*len(page.plain.body) + page.size()
	c.bytes += entry.size
	c.shrink()
	select {
	case c.queue <- entry:
	default: // a page that is not compressed fully is only a little larger
	}
}

func (c *cache) shrink() {
	for c.bytes > c.bound && c.used.Len() > 1 {
		c.remove(c.used.Back())
	}
}

// load is how much the cache holds.
func (c *cache) load() (bytes, pages int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes, c.used.Len()
}

func (c *cache) remove(element *list.Element) {
	entry := c.used.Remove(element).(*cached)
	delete(c.bySlug, entry.slug)
	c.bytes -= entry.size
}

// compressFully gives each page its best compression, one after the other, until ctx ends.
func (c *cache) compressFully(ctx context.Context) {
	writer := best()
	for {
		select {
		case <-ctx.Done():
			return
		case entry := <-c.queue:
			if c.current(entry) {
				entry.page.Load().compressFully(writer)
			}
		}
	}
}
