package mail

import (
	"log/slog"
	"strings"
	"testing"
)

func TestLogOfTheQueueHoldsOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	away := false
	log := slog.New(newQueueLog(slog.NewTextHandler(&said, nil), func() bool { return away })).With("client", "one")
	for range 3 {
		log.Error("producer: Error fetching jobs", "err", "permission denied")
		log.Info("producer: Producer job counts", "num_completed", 1)
		log.Info("JobExecutor: Job errored; retrying")
	}
	away = true
	log.Error("Elector: Error attempting to elect")
	away = false
	log.Error("JobExecutor: Unhandled job kind")
	for words, want := range map[string]int{
		"permission denied": 1, "job counts": 0, "Job errored": 3, "Elector": 0, "Unhandled": 1, "client=one": 5,
	} {
		if n := strings.Count(said.String(), words); n != want {
			t.Errorf("%q stands %d times, want %d:\n%s", words, n, want, said.String())
		}
	}
}
