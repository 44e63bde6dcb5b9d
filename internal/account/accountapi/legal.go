package accountapi

import (
	"context"
	"net/http"
	"time"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/httpx"
)

const tagBackOffice = "Back office"

func (e *Entry) registerLegal(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "agree", Method: http.MethodPost, Path: "/api/v1/me/consents", Tag: tagMe,
		Summary: "Agree to the version of a text that is in force", Permission: access.Self,
		Errors: []int{http.StatusUnprocessableEntity},
	}, e.agree)
	httpx.Handle(api, httpx.Op{
		ID: "legal-text-versions", Method: http.MethodGet, Path: "/api/v1/back-office/legal-texts", Tag: tagBackOffice,
		Summary: "All versions of the texts that people agree to, newest first", Permission: access.PlatformTexts,
	}, e.textVersions)
	httpx.Handle(api, httpx.Op{
		ID: "publish-legal-text", Method: http.MethodPost, Path: "/api/v1/back-office/legal-texts/{kind}", Tag: tagBackOffice,
		Summary: "Publish a new version of a text; everybody is asked to agree at the next sign-in", Permission: access.PlatformTexts,
		Status: http.StatusCreated, Errors: []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
	}, e.publishText)
	httpx.Handle(api, httpx.Op{
		ID: "company-domains", Method: http.MethodGet, Path: "/api/v1/back-office/companies/{company}/domains", Tag: tagBackOffice,
		Summary: "Under which hosts a reseller's customers reach the installation", Permission: access.PlatformCompanies,
		Errors: []int{http.StatusNotFound},
	}, e.domains)
	httpx.Handle(api, httpx.Op{
		ID: "set-company-domains", Method: http.MethodPut, Path: "/api/v1/back-office/companies/{company}/domains", Tag: tagBackOffice,
		Summary: "Say under which hosts a reseller's customers reach the installation", Permission: access.PlatformCompanies,
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, e.setDomains)
}

type agreeInput struct {
	Body Consent
}

func (e *Entry) agree(ctx context.Context, actor access.Actor, in *agreeInput) (*struct{}, error) {
	return nil, e.accounts.Agree(ctx, actor, account.Consent(in.Body))
}

// TextVersion is a version of a text in all languages.
type TextVersion struct {
	Kind        string       `json:"kind" enum:"terms,privacy"`
	Version     int          `json:"version"`
	PublishedAt time.Time    `json:"published_at"`
	PublishedBy string       `json:"published_by" doc:"Empty: it came with the program"`
	Texts       TextLanguage `json:"texts"`
}

// TextLanguage is a text by language.
type TextLanguage struct {
	RU TitledText `json:"ru"`
	EN TitledText `json:"en"`
}

// TitledText is a title and plain paragraphs with an empty line between them.
type TitledText struct {
	Title string `json:"title" maxLength:"400"`
	Body  string `json:"body" maxLength:"200000"`
}

type textVersionsOutput struct {
	Body struct {
		Items []TextVersion `json:"items"`
	}
}

func (e *Entry) textVersions(ctx context.Context, actor access.Actor, _ *struct{}) (*textVersionsOutput, error) {
	versions, err := e.accounts.TextVersions(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &textVersionsOutput{}
	out.Body.Items = []TextVersion{}
	for _, v := range versions {
		out.Body.Items = append(out.Body.Items, TextVersion{
			Kind: v.Kind, Version: v.Version, PublishedAt: v.PublishedAt, PublishedBy: v.PublishedBy,
			Texts: TextLanguage{RU: titled(v.Texts["ru"]), EN: titled(v.Texts["en"])},
		})
	}
	return out, nil
}

func titled(t account.LegalText) TitledText { return TitledText{t.Title, t.Body} }

type publishTextInput struct {
	Kind string `path:"kind" enum:"terms,privacy"`
	Body struct {
		Replaces int          `json:"replaces" minimum:"0" doc:"The version that was seen; another one in force is refused as version_conflict"`
		Texts    TextLanguage `json:"texts"`
	}
}

type publishedOutput struct {
	Body struct {
		Version int `json:"version"`
	}
}

func (e *Entry) publishText(ctx context.Context, actor access.Actor, in *publishTextInput) (*publishedOutput, error) {
	texts := in.Body.Texts
	version, err := e.accounts.PublishText(ctx, actor, account.NewText{
		Kind: in.Kind, Replaces: in.Body.Replaces, Texts: map[string]account.LegalText{
			"ru": {Title: texts.RU.Title, Body: texts.RU.Body},
			"en": {Title: texts.EN.Title, Body: texts.EN.Body},
		},
	})
	if err != nil {
		return nil, err
	}
	out := &publishedOutput{}
	out.Body.Version = version
	return out, nil
}

type domainsInput struct {
	Company int64 `path:"company" minimum:"1"`
}

func (e *Entry) domains(ctx context.Context, actor access.Actor, in *domainsInput) (*domainsOutput, error) {
	hosts, err := e.accounts.Domains(ctx, actor, in.Company)
	if err != nil {
		return nil, err
	}
	out := &domainsOutput{}
	out.Body.Hosts = append([]string{}, hosts...)
	return out, nil
}

type setDomainsInput struct {
	Company int64 `path:"company" minimum:"1"`
	Body    struct {
		Hosts []string `json:"hosts" maxItems:"10" doc:"Names such as chat.example.com"`
	}
}

type domainsOutput struct {
	Body struct {
		Hosts []string `json:"hosts"`
	}
}

func (e *Entry) setDomains(ctx context.Context, actor access.Actor, in *setDomainsInput) (*domainsOutput, error) {
	hosts, err := e.accounts.SetDomains(ctx, actor, in.Company, in.Body.Hosts)
	if err != nil {
		return nil, err
	}
	out := &domainsOutput{}
	out.Body.Hosts = hosts
	return out, nil
}
