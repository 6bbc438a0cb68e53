package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"duban/cmd/duban/internal/shell"
	"duban/cmd/duban/internal/stack"
	"duban/dashboards/access"
	"duban/supervision/lawzone"
)

func newUser() *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Add, list and change the people who may sign in; the instance need not run"}
	cmd.AddCommand(newUserAdd(), newUserList(), newUserPasswd(), newUserRole(),
		newUserState("disable", "Disable a user, whose sessions end at once", access.UserDisabled),
		newUserState("enable", "Let a user in again, and lift a lock after wrong passwords", access.UserEnabled))
	return cmd
}

// userCommand is what every command about users begins with.
type userCommand struct {
	users *access.Users
	trail *access.Trail
}

func people(c *shell.Common) (userCommand, error) {
	cfg, err := c.Load(nil)
	if err != nil {
		return userCommand{}, shell.Usage(err)
	}
	return userCommand{users: stack.Users(cfg), trail: access.NewTrail(cfg.Data, time.Now)}, nil
}

// note leaves a line in the trail; the server stores it when it runs.
func (u userCommand) note(what, id string) error {
	return u.trail.Record(access.Entry{UserID: access.CLI, What: what, TargetKind: "user", TargetID: id, Outcome: access.Done})
}

// passwordFlags say where a password comes from; it is never a flag itself, as
// those can be read in the list of processes.
type passwordFlags struct {
	stdin bool
	file  string
}

func (p *passwordFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&p.stdin, "stdin", false, "read the password from the first line of the standard input")
	cmd.Flags().StringVar(&p.file, "password-file", "", "read the password from the first line of this file")
	cmd.MarkFlagsMutuallyExclusive("stdin", "password-file")
}

// read asks twice at a terminal, where what is typed is not shown.
func (p *passwordFlags) read(cmd *cobra.Command) (string, error) {
	switch {
	case p.file != "":
		b, err := os.ReadFile(p.file)
		if err != nil {
			return "", fmt.Errorf("read password: %w", err)
		}
		return firstLine(bytes.NewReader(b))
	case p.stdin:
		return firstLine(cmd.InOrStdin())
	}
	fd := int(os.Stdin.Fd()) //nolint:gosec // a small number
	if !term.IsTerminal(fd) {
		return "", shell.Usage(errors.New("there is no terminal to ask for a password: use --stdin or --password-file"))
	}
	ask := func(what string) (string, error) {
		fmt.Fprint(cmd.ErrOrStderr(), what)
		b, err := term.ReadPassword(fd)
		fmt.Fprintln(cmd.ErrOrStderr())
		return string(b), err
	}
	first, err := ask("Password: ")
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	again, err := ask("Again: ")
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	if first != again {
		return "", shell.Usage(errors.New("the two passwords differ"))
	}
	return first, nil
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", shell.Usage(errors.New("the password is empty"))
	}
	return line, nil
}

// scopeFlags are the role of a user and what it extends to.
type scopeFlags struct{ role, region, org, line string }

func (s *scopeFlags) add(cmd *cobra.Command) {
	names := make([]string, len(access.Roles()))
	for i, r := range access.Roles() {
		names[i] = string(r)
	}
	f := cmd.Flags()
	f.StringVar(&s.role, "role", "", strings.Join(names, ", "))
	f.StringVar(&s.region, "region", "", "division code: the user sees and acts below it only")
	f.StringVar(&s.org, "org", "", "organisation code: the user acts for it and those below it only")
	f.StringVar(&s.line, "line", "", "line (条), such as housing: the user sees and acts in it only")
	_ = cmd.MarkFlagRequired("role")
}

func newUserAdd() *cobra.Command {
	var scope scopeFlags
	var password passwordFlags
	var display string
	mustChange := true
	cmd := &cobra.Command{Use: "add NAME", Short: "Add a user", Args: cobra.ExactArgs(1)}
	c := shell.AddCommon(cmd)
	scope.add(cmd)
	password.add(cmd)
	cmd.Flags().StringVar(&display, "display", "", "how the pages call the person (default: the sign-in name)")
	cmd.Flags().BoolVar(&mustChange, "must-change", true, "the person has to choose another password at the first sign-in")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p, err := people(c)
		if err != nil {
			return err
		}
		text, err := password.read(cmd)
		if err != nil {
			return err
		}
		u, err := p.users.Add(cmd.Context(), access.User{
			Name: args[0], Display: display, Role: access.Role(scope.role), ScopeRegion: scope.region, OrgCode: scope.org, Line: scope.line,
			MustChange: mustChange,
		}, text)
		if err != nil {
			return invalidUse(err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "added %s (%s, %s)\n", u.Name, u.ID, u.Role)
		return p.note(access.UserAdded, u.ID)
	}
	return cmd
}

func newUserList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the users", Args: cobra.NoArgs}
	c := shell.AddCommon(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		p, err := people(c)
		if err != nil {
			return err
		}
		all, err := p.users.List()
		if err != nil {
			return err
		}
		t := table.NewWriter()
		t.SetOutputMirror(cmd.OutOrStdout())
		t.AppendHeader(table.Row{"id", "name", "display name", "role", "region", "org", "line", "state", "created"})
		for _, u := range all {
			t.AppendRow(table.Row{u.ID, u.Name, u.Display, u.Role, u.ScopeRegion, u.OrgCode, u.Line, u.State(time.Now()),
				u.CreatedAt.In(lawzone.Zone).Format("2006-01-02 15:04")})
		}
		t.Render()
		return nil
	}
	return cmd
}

// newUserState makes the command that disables or enables.
func newUserState(verb, short, what string) *cobra.Command {
	cmd := &cobra.Command{Use: verb + " NAME", Short: short, Args: cobra.ExactArgs(1)}
	c := shell.AddCommon(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return changeUser(c, cmd, args[0], what, func(_ context.Context, users *access.Users, u access.User) error {
			return users.SetDisabled(u.ID, what == access.UserDisabled)
		})
	}
	return cmd
}

func newUserRole() *cobra.Command {
	var scope scopeFlags
	cmd := &cobra.Command{Use: "role NAME", Short: "Give a user another role and scope; limits that are left out are lifted",
		Args: cobra.ExactArgs(1)}
	c := shell.AddCommon(cmd)
	scope.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return changeUser(c, cmd, args[0], access.RoleChanged, func(_ context.Context, users *access.Users, u access.User) error {
			return users.SetRole(u.ID, access.Role(scope.role), scope.region, scope.org, scope.line)
		})
	}
	return cmd
}

func newUserPasswd() *cobra.Command {
	var password passwordFlags
	mustChange := true
	cmd := &cobra.Command{Use: "passwd NAME", Short: "Give a user another password", Args: cobra.ExactArgs(1)}
	c := shell.AddCommon(cmd)
	password.add(cmd)
	cmd.Flags().BoolVar(&mustChange, "must-change", true, "the person has to choose another password at the next sign-in")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return changeUser(c, cmd, args[0], access.PasswordReset, func(ctx context.Context, users *access.Users, u access.User) error {
			text, err := password.read(cmd)
			if err != nil {
				return err
			}
			return users.SetPassword(ctx, u.ID, text, mustChange)
		})
	}
	return cmd
}

// changeUser finds a user by name, changes it and leaves a line in the trail.
func changeUser(c *shell.Common, cmd *cobra.Command, name, what string,
	change func(context.Context, *access.Users, access.User) error) error {
	p, err := people(c)
	if err != nil {
		return err
	}
	u, err := p.users.ByName(name)
	if err != nil {
		return fmt.Errorf("%s: %w; `duban user list` shows those there are", name, err)
	}
	if err := change(cmd.Context(), p.users, u); err != nil {
		return invalidUse(err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %s (%s)\n", strings.ReplaceAll(what, "_", " "), u.Name, u.ID)
	return p.note(what, u.ID)
}

// invalidUse marks what is wrong with what was typed as wrong use.
func invalidUse(err error) error {
	if _, ok := errors.AsType[*access.InvalidError](err); ok {
		return shell.Usage(err)
	}
	return err
}
