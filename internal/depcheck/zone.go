package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// zoneHomes may name the zone of law: its package, and the test that holds the
// fixed offset against the zone database of the world.
var zoneHomes = []string{"supervision/lawzone/lawzone.go", "supervision/calendar/calendar_test.go"}

// secondZones returns the places that declare the zone of law once more, tests
// included: two of them differ one day.
func secondZones() ([]string, error) {
	var problems []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || slices.Contains(zoneHomes, filepath.ToSlash(path)) {
			return nil
		}
		found, err := zonesIn(path, nil)
		problems = append(problems, found...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for zones: %w", err)
	}
	return problems, nil
}

// zonesIn returns the declarations of the zone of law in one Go file; the text
// is read from the file where src is nil.
func zonesIn(path string, src any) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var problems []string
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && declaresZone(call) {
			problems = append(problems, fmt.Sprintf("%s declares the zone of law again: want lawzone.Zone", fset.Position(call.Pos())))
		}
		return true
	})
	return problems, nil
}

// declaresZone reports whether a call makes a zone of +08:00 or loads Asia/Shanghai.
func declaresZone(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	switch f.Sel.Name {
	case "LoadLocation":
		lit, ok := call.Args[0].(*ast.BasicLit)
		if !ok {
			return false
		}
		name, err := strconv.Unquote(lit.Value)
		return err == nil && name == "Asia/Shanghai"
	case "FixedZone":
		// What is no constant of its own, such as a drawn offset, is not the zone of law.
		v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, types.ExprString(call.Args[len(call.Args)-1]))
		return err == nil && v.Value != nil && constant.Compare(constant.ToInt(v.Value), token.EQL, constant.MakeInt64(8*60*60))
	}
	return false
}
