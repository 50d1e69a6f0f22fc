// Command mutants disables the checks by which nothing is told to whom it may not,
// one after the other, and has the tests run: each time, some test must fail. With files
// named, or functions as bot/gate.go:rows, it disables theirs alone. It changes no file:
// the compiler is given another text in place of one.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A target is a file whose checks are disabled, in some of its functions or, when
// none is named, in all.
type target struct {
	file      string
	functions []string
}

var targets = []target{
	{file: "bot/gate.go"},
	{file: "bot/override.go"},
	{file: "bot/acts.go", functions: []string{"open"}},
	{file: "casework/consent.go", functions: []string{"Covers", "readable", "allows", "InForce"}},
	{file: "casework/lapse.go"},
	{file: "bot/lapse.go"},
	{file: "bot/watch.go"},
}

// quick are the tests that most mutants do not survive; the rest is run for those
// that do. One by which nothing ends is found by the time that is given.
var (
	quick = []string{"test", "-timeout=2m", "-count=1", "-failfast", "-run", "Gate|Stranger|Withdraw|Consent|Covers|Discreet|Topic|Files|Moved|Public|InForce|Mission|Last|Pass|Export", "./bot", "./casework"}
	all   = []string{"test", "-timeout=10m", "-count=1", "-failfast", "./bot/...", "./casework/...", "./commands"}
)

// harmless are mutants that change nothing that can be seen, by where they are and what
// they disable, each with the reason.
var harmless = map[string]string{
	"watch.go moved !m.Left":                        "a card is looked at once more, and says the same",
	"watch.go moved len(d.facts)+len(d.extra) == 0": "what changes nothing is written as nothing",
	"lapse.go back after.PutOut(m.User)":            "nobody is let in as long as the person has not agreed anew",
	"lapse.go lapse facts == nil":                   "nothing follows from nothing",
	"gate.go part m.Card == nil":                    "every reminder is a card",
	"consent.go allows v.Shared(t)":                 "a consent that is given opens no topic that is not shared",
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run() error {
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if said, err := exec.Command("go", all...).CombinedOutput(); err != nil {
		return fmt.Errorf("the tests fail as it is: %w\n%s", err, said)
	}
	survived, total := 0, 0
	fmt.Printf("%-22s %-62s %s\n", "where", "disabled", "found by")
	for _, t := range targets {
		made, err := t.mutants()
		if err != nil {
			return err
		}
		for _, m := range made {
			total++
			by, err := m.found(folder)
			if err != nil {
				return err
			}
			if by == "" {
				by = "harmless: " + harmless[m.where+" "+m.check]
				if harmless[m.where+" "+m.check] == "" {
					by = "NOTHING"
					survived++
				}
			}
			fmt.Printf("%-22s %-62s %s\n", m.where, m.check, by)
		}
	}
	fmt.Printf("%d checks disabled in turn, %d of them unseen\n", total, survived)
	if survived > 0 {
		return errors.New("a check that no test misses is not held")
	}
	return nil
}

// covers reports whether the checks of a function are to be disabled.
func (t target) covers(function string) bool {
	named := os.Args[1:]
	return (len(t.functions) == 0 || slices.Contains(t.functions, function)) &&
		(len(named) == 0 || slices.Contains(named, t.file) || slices.Contains(named, t.file+":"+function))
}

// A mutant is a file with one check disabled.
type mutant struct {
	file, where, check string
	text               []byte
}

// mutants gives the mutants of a target.
func (t target) mutants() ([]mutant, error) {
	var made []mutant
	for n := 0; ; n++ {
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, t.file, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		at := 0
		var check ast.Expr
		var name string
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !t.covers(f.Name.Name) {
				continue
			}
			ast.Inspect(f, func(node ast.Node) bool {
				for _, place := range checks(node) {
					if at == n {
						check, name = *place.expr, f.Name.Name
						*place.expr = place.disabled()
					}
					at++
				}
				return true
			})
		}
		if check == nil {
			return made, nil
		}
		var text, shown bytes.Buffer
		if err := errors.Join(printer.Fprint(&shown, files, check), printer.Fprint(&text, files, parsed)); err != nil {
			return nil, err
		}
		made = append(made, mutant{
			file: t.file, where: filepath.Base(t.file) + " " + name,
			check: strings.Join(strings.Fields(shown.String()), " "), text: text.Bytes(),
		})
	}
}

// A place is where a check stands, and what it then always says.
type place struct {
	expr   *ast.Expr
	always bool
}

// disabled gives a check that says the same whatever it finds: it still looks, since what
// it looks at is to be used, as the compiler wants.
func (p place) disabled() ast.Expr {
	op, word := token.LAND, "false"
	if p.always {
		op, word = token.LOR, "true"
	}
	return &ast.ParenExpr{X: &ast.BinaryExpr{X: &ast.ParenExpr{X: *p.expr}, Op: op, Y: ast.NewIdent(word)}}
}

// checks gives the checks that stand at a node: the parts of a condition, and of what a
// predicate returns or notes. Those of errors and of what is not there are none.
func checks(node ast.Node) []place {
	switch n := node.(type) {
	case *ast.IfStmt:
		return parts(&n.Cond, false)
	case *ast.ReturnStmt:
		return predicates(n.Results)
	case *ast.AssignStmt:
		return predicates(n.Rhs)
	case *ast.SwitchStmt:
		if n.Tag != nil {
			return nil
		}
		var found []place
		for _, clause := range n.Body.List {
			c := clause.(*ast.CaseClause)
			for i := range c.List {
				found = append(found, parts(&c.List[i], false)...)
			}
		}
		return found
	}
	return nil
}

// predicates gives the checks of values that are plainly yes or no: all of what is told of
// several, and a no to what something finds.
func predicates(values []ast.Expr) []place {
	var found []place
	for i := range values {
		switch x := values[i].(type) {
		case *ast.BinaryExpr:
			if x.Op == token.LAND || x.Op == token.LOR {
				found = append(found, parts(&values[i], false)...)
			}
		case *ast.UnaryExpr:
			if x.Op == token.NOT {
				found = append(found, parts(&values[i], true)...)
			}
		}
	}
	return found
}

var aside = regexp.MustCompile(`^(err [!=]= nil|!?ok|no|i < 0)$`)

// parts gives the parts of a condition: one of several that must all hold is
// disabled by holding always, one of several that suffice by never holding.
func parts(e *ast.Expr, always bool) []place {
	switch x := (*e).(type) {
	case *ast.ParenExpr:
		return parts(&x.X, always)
	case *ast.BinaryExpr:
		if x.Op == token.LAND {
			return append(parts(&x.X, true), parts(&x.Y, true)...)
		}
		if x.Op == token.LOR {
			return append(parts(&x.X, false), parts(&x.Y, false)...)
		}
	}
	var text bytes.Buffer
	if err := printer.Fprint(&text, token.NewFileSet(), *e); err != nil || aside.MatchString(text.String()) {
		return nil
	}
	return []place{{e, always}}
}

var failed = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// found runs the tests on a mutant and gives the first that fails: nothing when
// none does.
func (m mutant) found(folder string) (string, error) {
	here, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	text, overlay := filepath.Join(folder, "mutant.go"), filepath.Join(folder, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {here: text}})
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.WriteFile(text, m.text, 0o600), os.WriteFile(overlay, replace, 0o600)); err != nil {
		return "", err
	}
	for _, tests := range [][]string{quick, all} {
		arguments := append([]string{tests[0], "-overlay", overlay, "-vet=off"}, tests[1:]...)
		said, err := exec.Command("go", arguments...).CombinedOutput()
		if err == nil {
			continue
		}
		if name := failed.FindSubmatch(said); name != nil {
			return string(name[1]), nil
		}
		if bytes.Contains(said, []byte("panic: ")) {
			return "a panic", nil
		}
		return "", fmt.Errorf("the tests could not be run: %w\n%s", err, said)
	}
	return "", nil
}
