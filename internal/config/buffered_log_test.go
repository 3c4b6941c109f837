package config

import (
	"bytes"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestWarningsAndErrorsAreLoggedAtOnceAndOtherEntriesSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var written bytes.Buffer
		log, _ := Config{}.BufferedLogger(&written)
		want := func(messages ...string) {
			t.Helper()
			synctest.Wait()
			var got []string
			for _, entry := range regexp.MustCompile(`msg=(\w+)`).FindAllStringSubmatch(written.String(), -1) {
				got = append(got, entry[1])
			}
			if !slices.Equal(got, messages) {
				t.Errorf("written are %q, want %q", got, messages)
			}
		}
		log.Info("one")
		want()
		log.Warn("two")
		want("one", "two")
		log.With("key", "value").Error("three")
		want("one", "two", "three")
		log.Info("four")
		time.Sleep(logDelay)
		want("one", "two", "three", "four")
	})
}
