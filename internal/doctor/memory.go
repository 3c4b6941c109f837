package doctor

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"tiebreak/internal/health"
)

// minMemory is what the program and its private PostgreSQL need with many readers; see the limits in "help deploy".
const minMemory = 256 << 20

// Memory returns the bytes of memory that this program uses, and how many its control group allows it. Either is 0 if it is not
// known.
func Memory() (used, limit int64) {
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		if fields := bytes.Fields(statm); len(fields) > 1 {
			pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			used = pages * int64(os.Getpagesize())
		}
	}
	if group, err := memlimit.FromCgroup(); err == nil {
		limit = int64(group)
	}
	return used, limit
}

// checkMemory compares the memory of the running site with its limit.
func checkMemory(v visit) health.Finding {
	switch {
	case v.skipped != "":
		return health.Skipped(v.skipped, v.advice)
	case !v.found:
		return health.Skipped("The site tells its memory at its public address, and did not answer there.",
			"See the check base-url.")
	}
	return memoryFinding(v.MemoryUsed, v.MemoryLimit)
}

// memoryFinding judges how much memory the program uses and may use.
func memoryFinding(used, limit int64) health.Finding {
	switch {
	case used == 0:
		return health.Skipped("This system does not tell how much memory a program uses.", "")
	case limit == 0:
		return health.Good(fmt.Sprintf("The program uses %s of memory, without a limit of its own.", size(used)))
	case used > limit/10*9:
		return health.Warn(fmt.Sprintf("The program uses %s of memory, and its limit is %s.", size(used), size(limit)),
			"Raise the limit before the system kills the program.")
	case limit < minMemory:
		return health.Warn(fmt.Sprintf("The program's memory limit is %s.", size(limit)),
			fmt.Sprintf("Raise it to %s or more: the program may be killed when many pages are read.", size(minMemory)))
	}
	return health.Good(fmt.Sprintf("The program uses %s of memory, and its limit is %s.", size(used), size(limit)))
}

// size returns a number of bytes for people.
func size(bytes int64) string {
	if bytes < 10<<30 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d GiB", bytes>>30)
}
