package e2e

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"time"
)

// zoneName is the time zone that the program is told it is in.
const zoneName = "Essai/Horloge"

// setClock makes it nine o'clock, the hour of reminders, some days from today for
// the program when it is next started. The program has the clock of the computer;
// it is the zone it lives in that is another.
func (o *office) setClock(days int) {
	o.t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	there := time.Date(now.Year(), now.Month(), now.Day()+days, 9, 0, 0, 0, time.UTC)
	zones := filepath.Join(o.folder, "zones")
	must(o.t, os.MkdirAll(filepath.Join(zones, filepath.Dir(zoneName)), 0o755))
	must(o.t, os.WriteFile(filepath.Join(zones, zoneName), zoneFile(there.Sub(now)), 0o644))
	o.env["ZONEINFO"], o.env["PARCOURS_TIME_ZONE"] = zones, zoneName
}

// zoneFile is the file of a zone that is always this far from universal time
// (RFC 8536, version 1: no transition and one type of local time).
func zoneFile(offset time.Duration) []byte {
	file := append([]byte("TZif"), make([]byte, 16)...)
	for _, count := range []uint32{0, 0, 0, 0, 1, 4} {
		file = binary.BigEndian.AppendUint32(file, count)
	}
	file = binary.BigEndian.AppendUint32(file, uint32(int32(offset/time.Second)))
	return append(file, 0, 0, 'E', 'S', 'S', 0)
}
