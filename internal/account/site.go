package account

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/clientip"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Origin is where a request of somebody who is not signed in comes from.
type Origin struct {
	Address netip.Addr
	Host    string // the name by which the installation was reached
}

func (o Origin) network() string { return clientip.Network(o.Address) }

// Site is the company in whose name the pages for strangers stand.
type Site struct {
	SellerID int64
	Name     string
	Reseller bool
	Currency string
	Language string
}

// Site returns the reseller that has the host, else the platform.
func (s *Service) Site(ctx context.Context, host string) (Site, error) {
	return siteOf(ctx, s.trusted(), host)
}

func siteOf(ctx context.Context, q *accountdb.Queries, host string) (Site, error) {
	row, err := q.CompanyByHost(ctx, plainHost(host))
	if err != nil {
		return Site{}, companyErr("find site", err)
	}
	return Site{row.ID, row.Name, access.CompanyKind(row.Kind) == access.Reseller, row.Currency, row.Language}, nil
}

// brandTx is the company whose brand letters to people of the host bear; nil is
// the platform's.
func brandTx(ctx context.Context, tx *db.Tx, host string) (*int64, error) {
	site, err := siteOf(ctx, accountdb.New(tx), host)
	return site.brand(), err
}

func (s Site) brand() *int64 {
	if !s.Reseller {
		return nil
	}
	return &s.SellerID
}

// plainHost is a host without port and final dot, in lower case.
func plainHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !hostname.MatchString(host) {
		return ""
	}
	return host
}

var hostname = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$`)

const mostDomains = 10

// Domains are the hosts under which a reseller's customers reach the
// installation.
func (s *Service) Domains(ctx context.Context, actor access.Actor, companyID int64) ([]string, error) {
	if !actor.May(access.PlatformCompanies) {
		return nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	if _, err := s.Company(ctx, companyID); err != nil {
		return nil, err
	}
	hosts, err := s.trusted().DomainsOfCompany(ctx, companyID)
	if err != nil {
		return nil, fmt.Errorf("read domains: %w", err)
	}
	return hosts, nil
}

// SetDomains says under which hosts a reseller's customers reach the
// installation. The installation's own host stays the platform's.
func (s *Service) SetDomains(ctx context.Context, actor access.Actor, companyID int64, hosts []string) ([]string, error) {
	if !actor.May(access.PlatformCompanies) {
		return nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	var p problems
	for i, host := range hosts {
		hosts[i] = plainHost(strings.TrimSpace(host))
		p.must(hosts[i] != "" && len(hosts[i]) <= 253, "hosts", "Enter names such as chat.example.com.")
		if own, err := url.Parse(s.options.Address); err == nil && hosts[i] != "" && hosts[i] == plainHost(own.Host) {
			p.add("hosts", fault.Taken, "This is the installation's own name.")
		}
	}
	p.must(len(hosts) <= mostDomains, "hosts", "Enter ten names at most.")
	if err := p.err(); err != nil {
		return nil, err
	}
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.setDomainsTx(ctx, tx, actor, companyID, hosts) })
	return hosts, err
}

func (s *Service) setDomainsTx(ctx context.Context, tx *db.Tx, actor access.Actor, companyID int64, hosts []string) error {
	q := accountdb.New(tx)
	company, err := q.LockCompany(ctx, companyID)
	if err != nil {
		return companyErr("lock company", err)
	}
	if access.CompanyKind(company.Kind) != access.Reseller {
		return fault.New(fault.Conflict, "Only resellers have domains of their own.")
	}
	before, err := q.DomainsOfCompany(ctx, companyID)
	if err != nil {
		return fmt.Errorf("read domains: %w", err)
	}
	if err := q.DeleteDomains(ctx, companyID); err != nil {
		return fmt.Errorf("delete domains: %w", err)
	}
	err = q.InsertDomains(ctx, accountdb.InsertDomainsParams{CompanyID: companyID, Hosts: hosts})
	if db.Unique(err, "company_domain_host") || db.Unique(err, "company_domain_pkey") {
		return fault.Field("hosts", fault.Taken, "One of these stands here twice or belongs to another company.")
	}
	if err != nil {
		return fmt.Errorf("insert domains: %w", err)
	}
	return s.RecordTx(ctx, tx, actor, Change{
		CompanyID: companyID, Action: "company.domains_changed", Subject: fmt.Sprintf("company:%d", companyID),
		Old: map[string]any{"hosts": before}, New: map[string]any{"hosts": hosts},
	})
}

// linkTo returns the address of a link's page: under the brand's own host when
// it has one.
func (s *Service) linkTo(ctx context.Context, tx *db.Tx, brandID *int64, purpose, token string) (string, error) {
	address := s.options.Address
	if brandID != nil {
		host, err := accountdb.New(tx).DomainOfCompany(ctx, *brandID)
		if err != nil && !db.NoRows(err) {
			return "", fmt.Errorf("read domain: %w", err)
		}
		if u, parsed := url.Parse(address); host != "" && parsed == nil && u.Scheme != "" {
			address = u.Scheme + "://" + host
		}
	}
	return address + pagesOfLinks[purpose] + token, nil
}
