package config

import (
	"errors"
	"log/slog"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// forPostgreSQL is the memory that the private PostgreSQL needs in addition to the program, in bytes: both share the limit of
// the control group. Its processes took 72 MB while visitors read a thousand guides, and more while requests and emails came too.
const forPostgreSQL = 112 << 20

// LimitMemory tells the runtime to keep the program within the memory that the control group allows, such as MemoryMax= of
// systemd or the limit of a container. GOMEMLIMIT wins.
func (c Config) LimitMemory(log *slog.Logger) {
	_, err := memlimit.Set(memlimit.WithProvider(c.ownMemory))
	if err != nil && !errors.Is(err, memlimit.ErrNoCgroup) && !errors.Is(err, memlimit.ErrCgroupsNotSupported) {
		log.Warn("The memory limit of the control group cannot be read: set GOMEMLIMIT if there is one.", "error", err)
	}
}

// ownMemory returns how much of the control group's memory the program may use, in bytes.
func (c Config) ownMemory() (uint64, error) {
	limit, err := memlimit.FromCgroup()
	if err != nil || c.DatabaseURL != "" {
		return limit, err
	}
	return max(limit-min(limit, forPostgreSQL), limit/4), nil
}

// littleMemory is a limit below which the private PostgreSQL has to save memory, in bytes.
const littleMemory = 512 << 20

// LittleMemory reports whether the control group allows so little that the private PostgreSQL has to save memory.
func LittleMemory() bool {
	limit, err := memlimit.FromCgroup()
	return err == nil && limit < littleMemory
}
