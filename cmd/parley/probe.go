package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"parley/internal/platform/config"
)

type probe struct{}

const probeTime = 4 * time.Second

// Run asks the server on this machine how it is, for supervisors that have no
// other way to ask.
func (probe) Run(c *config.Config, e *environment) error {
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil {
		return fmt.Errorf("PARLEY_ADDRESS: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	request, err := http.NewRequestWithContext(e.ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Timeout: probeTime}).Do(request)
	if err != nil {
		return fmt.Errorf("nobody answers: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	var health struct{ Status, Reason string }
	if err := json.NewDecoder(io.LimitReader(answer.Body, 4096)).Decode(&health); err != nil || health.Status != "ok" {
		return fmt.Errorf("not healthy: %s", health.Reason)
	}
	_, err = fmt.Fprintln(e.out, "ok")
	return err
}
