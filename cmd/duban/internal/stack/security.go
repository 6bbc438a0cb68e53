package stack

import (
	"duban/ingest/source"
	"duban/internal/config"
	"duban/internal/instance"
)

// Security turns the broker part of the configuration into what the client
// takes; the password is read from its file only now.
func Security(k config.Kafka) (source.Security, error) {
	s := source.Security{
		TLS: k.TLS, CAFile: k.CAFile, CertFile: k.CertFile, KeyFile: k.KeyFile, ServerName: k.ServerName,
		Mechanism: k.Mechanism, Username: k.Username,
	}
	if k.PasswordFile != "" {
		p, err := instance.Secret("", "kafka-password", k.PasswordFile)
		if err != nil {
			return s, err
		}
		s.Password = string(p)
	}
	return s, nil
}
