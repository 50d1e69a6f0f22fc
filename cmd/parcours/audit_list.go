package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"parcours/documents/indicators"
	"parcours/locales"
	"parcours/storage/access"
)

// listAccesses writes the records that each gives. What programs read, CSV and JSON,
// is the same in every language, its moments in universal time.
func listAccesses(to io.Writer, format string, zone *time.Location, say locales.Printer, each func(func(access.Record) error) error) error {
	switch format {
	case "csv":
		return accessesCSV(to, each)
	case "json":
		lines := json.NewEncoder(to)
		return each(func(r access.Record) error {
			r.At = r.At.UTC()
			return lines.Encode(r)
		})
	}
	return accessesText(to, zone, say, each)
}

// accessesCSV has no cell that a spreadsheet takes for a formula.
func accessesCSV(to io.Writer, each func(func(access.Record) error) error) error {
	out := csv.NewWriter(to)
	out.UseCRLF = true
	if err := out.Write([]string{"at", "user", "operator", "readers", "case", "way", "what", "surface", "reason"}); err != nil {
		return err
	}
	err := each(func(r access.Record) error {
		row := []string{
			r.At.UTC().Format(time.RFC3339), string(r.User), r.Operator, strconv.Itoa(r.Readers),
			string(r.Case), string(r.Way), r.What, r.Surface, r.Reason,
		}
		for i := range row {
			row[i] = indicators.Inert(row[i])
		}
		return out.Write(row)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// sheetful is how many lines are laid out together, so that a long list need not be
// kept in memory.
const sheetful = 500

func accessesText(to io.Writer, zone *time.Location, say locales.Printer, each func(func(access.Record) error) error) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	n := 0
	err := each(func(r access.Record) error {
		if n++; n%sheetful == 1 {
			fmt.Fprintln(table, strings.Join([]string{
				say.T("audit.at"), say.T("audit.who"), say.T("audit.case"), say.T("audit.way"), say.T("audit.what"), say.T("audit.surface"), say.T("audit.reason"),
			}, "\t"))
		}
		who := string(r.User) + r.Operator
		if who == "" {
			who = say.T("audit.readers", locales.Args{"N": r.Readers})
		}
		where := r.Surface
		if where == commandLine {
			where = say.T("audit.command_line")
		}
		fmt.Fprintln(table, strings.Join([]string{
			r.At.In(zone).Format(time.DateTime), who, string(r.Case), say.T("audit.way." + string(r.Way)), r.What, where, r.Reason,
		}, "\t"))
		if n%sheetful == 0 {
			return table.Flush()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(to, say.T("audit.count", locales.Args{"N": n}))
	return err
}
