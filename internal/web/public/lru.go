package public

import (
	"container/list"
	"sync"
)

// lru keeps the values used last, bounded in bytes.
type lru[K comparable, V any] struct {
	mu    sync.Mutex
	bound int
	bytes int
	byKey map[K]*list.Element
	used  *list.List // of *sized[K, V]; the latest in front
}

type sized[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

func newLRU[K comparable, V any](bound int) *lru[K, V] {
	return &lru[K, V]{bound: bound, byKey: map[K]*list.Element{}, used: list.New()}
}

// get returns the value, or the zero value if it is not kept.
func (l *lru[K, V]) get(key K) (value V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	element, ok := l.byKey[key]
	if !ok {
		return value
	}
	l.used.MoveToFront(element)
	return element.Value.(*sized[K, V]).value
}

// put keeps the value in place of the one before it and drops what was used longest ago.
func (l *lru[K, V]) put(key K, value V, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if element, ok := l.byKey[key]; ok {
		l.remove(element)
	}
	l.byKey[key] = l.used.PushFront(&sized[K, V]{key, value, bytes})
	l.bytes += bytes
	for l.bytes > l.bound && l.used.Len() > 1 {
		l.remove(l.used.Back())
	}
}

func (l *lru[K, V]) remove(element *list.Element) {
	dropped := l.used.Remove(element).(*sized[K, V])
	delete(l.byKey, dropped.key)
	l.bytes -= dropped.bytes
}

// load returns how much is kept.
func (l *lru[K, V]) load() (bytes, values int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes, l.used.Len()
}
