package mailbox

import "time"

// RetryAfter has the watcher connect again after the time.
func (w *Watcher) RetryAfter(d time.Duration) { w.firstWait = d }
