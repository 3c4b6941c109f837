package web

import (
	"math"

	"github.com/prometheus/client_golang/prometheus"

	"tiebreak/internal/doctor"
)

// watchMachine adds what the machine has left for the site.
func (m *metrics) watchMachine(d *doctor.Doctor) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "tiebreak_memory_limit_bytes", Help: "Memory that the system allows the program; 0 without a limit.",
	}, func() float64 { _, limit := doctor.Memory(); return float64(limit) }))
	for name, folder := range d.Folders() {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "tiebreak_disk_free_bytes", Help: "Bytes free on the disk of a folder; not a number while it is not there.",
			ConstLabels: prometheus.Labels{"folder": name},
		}, func() float64 {
			free, err := doctor.Free(folder)
			if err != nil {
				return math.NaN()
			}
			return float64(free)
		}))
	}
}
