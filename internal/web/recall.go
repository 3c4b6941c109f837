package web

import (
	"context"
	"errors"
	"sync"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// recall remembers the last edition read of each guide, so that its page and its form can be drawn while the database
// is away.
type recall struct{ bySlug sync.Map }

// edition is what the guide at slug shows now or, while the database is away, what it showed last.
func (s *Server) edition(ctx context.Context, slug string) (*guide.Edition, error) {
	e, err := s.db.CurrentEdition(ctx, slug)
	if err == nil {
		s.recall.bySlug.Store(slug, e)
		return e, nil
	}
	if known, ok := s.recall.bySlug.Load(slug); ok && errors.Is(err, fault.Unavailable) {
		return known.(*guide.Edition), nil
	}
	return nil, err
}
