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
	findings := []health.Finding{memoryFinding(Memory())}
	for _, f := range []struct{ name, what, folder string }{
		{"disk-database", "database folder", d.DatabaseFolder}, {"disk-backup", "backup folder", d.BackupFolder},
	} {
		findings = append(findings, checkDisk(f.name, f.what, f.folder))
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
	const name = "proxy"
	if !seen {
		return health.Good(name, "No proxy that is not trusted seems to be in front.")
	}
	return health.Warn(name, "A proxy seems to be in front of this site, but TIEBREAK_TRUSTED_PROXIES does not list it.",
		"Rate limits treat all visitors as one. Set TIEBREAK_TRUSTED_PROXIES to the proxy's network. If you have no "+
			"proxy, ignore this.")
}
