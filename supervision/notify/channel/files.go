package channel

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// ReadSecrets reads the secrets of webhooks: one a line, NAME SECRET; lines
// that begin with # are left out. Errors name the line, never the secret.
func ReadSecrets(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read webhook secrets: %w", err)
	}
	out := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 2 {
			return nil, fmt.Errorf("%s line %d: want NAME SECRET", path, i+1)
		}
		if len(fields[1]) < 16 {
			return nil, fmt.Errorf("%s line %d: the secret of %s is shorter than 16 characters", path, i+1, fields[0])
		}
		if _, twice := out[fields[0]]; twice {
			return nil, fmt.Errorf("%s line %d: %s is there twice", path, i+1, fields[0])
		}
		out[fields[0]] = fields[1]
	}
	return out, nil
}

// ReadRobots reads the robots of group chats: YAML, name → {kind, url, secret}.
func ReadRobots(path string) (map[string]RobotAccount, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read robots: %w", err)
	}
	out := map[string]RobotAccount{}
	if err := yaml.UnmarshalWithOptions(text, &out, yaml.Strict()); err != nil {
		// The parser's message shows the text around the place, secrets
		// included.
		return nil, fmt.Errorf("read robots: %s is not a map of NAME: {kind: …, url: …, secret: …}", path)
	}
	for name, r := range out {
		if !slices.Contains(RobotKinds(), r.Kind) {
			return nil, fmt.Errorf("%s: robot %s: kind is not one of dingtalk, wecom, feishu", path, name)
		}
		if !strings.HasPrefix(r.URL, "https://") {
			return nil, fmt.Errorf("%s: robot %s: want an https URL", path, name)
		}
		if r.Secret == "" && r.Kind != "wecom" {
			return nil, fmt.Errorf("%s: robot %s: give the secret of its signature (加签 / 签名校验)", path, name)
		}
	}
	return out, nil
}
