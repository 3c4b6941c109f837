package doctor

import (
	"context"
	"time"

	"tiebreak/internal/health"
)

// lookEvery is how often a running site looks at its own disks and memory.
const lookEvery = time.Minute

// Watch looks at the disks and the memory of the running site each minute, until ctx ends.
func (d *Doctor) Watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		d.look()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (d *Doctor) look() {
	findings := []health.Finding{
		memoryFinding(Memory()),
		checkDisk("database folder", d.DatabaseFolder), checkDisk("backup folder", d.BackupFolder),
	}
	d.standing.Store(&findings)
}

// Standing returns what Watch last found.
func (d *Doctor) Standing() []health.Finding {
	if findings := d.standing.Load(); findings != nil {
		return *findings
	}
	return nil
}

// ProxySeen judges whether most requests seem to come through a proxy that is not trusted.
func ProxySeen(seen bool) health.Finding {
	if !seen {
		return health.Good("No proxy that is not trusted seems to be in front.")
	}
	return health.Warn("A proxy seems to be in front of this site, but TIEBREAK_TRUSTED_PROXIES does not list it.",
		"Rate limits treat all visitors as one. Set TIEBREAK_TRUSTED_PROXIES to the proxy's network. If you have no "+
			"proxy, ignore this.")
}
