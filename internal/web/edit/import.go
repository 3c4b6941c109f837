package edit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"tiebreak/internal/card"
	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
	"tiebreak/templates/options"
)

const importPath = "/staff/import"

// Limits of an upload. A form as a whole has one of its own.
const (
	maxFiles    = 100
	maxFindings = 200 // that are shown
)

// ShowImport shows the form for files.
func (h *Handlers) ShowImport(w http.ResponseWriter, r *http.Request) error {
	return h.importPage(w, r, http.StatusOK, edit.ImportPage{})
}

func (h *Handlers) importPage(w http.ResponseWriter, r *http.Request, status int, p edit.ImportPage) (err error) {
	if p.Page, err = h.StaffFrame(r, "Import files"); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

// ImportFiles shows what the files would change. Sent again from that page, it does exactly that, or shows what would change now.
func (h *Handlers) ImportFiles(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	p := edit.ImportPage{Publish: values.Has("publish"), Text: page.Storable(values.Get("text"))}
	texts := uploaded(values)
	switch {
	case len(texts) == 0:
		p.Wrong.Add("file", "Choose a file, or paste its text below.")
	case len(texts) > maxFiles:
		p.Wrong.Add("file", fmt.Sprintf("These are %d files. Choose at most %d at a time.", len(texts), maxFiles))
	}
	if len(p.Wrong) > 0 {
		return h.importPage(w, r, http.StatusUnprocessableEntity, p)
	}
	files, findings, err := h.checkFiles(r, texts)
	if err != nil {
		return err
	}
	for _, t := range texts {
		p.Files = append(p.Files, edit.ImportFile{Name: t.Name, Text: page.Storable(string(t.Content))})
	}
	p.Mistakes = yamlform.Mistakes(findings)
	addFindings(&p, findings)
	if p.Mistakes > 0 {
		return h.importPage(w, r, http.StatusUnprocessableEntity, p)
	}
	in := postgres.Import{Folder: yamlform.Collect(files), Publish: p.Publish, DryRun: true, Member: page.Member(r).ID}
	if seen := values.Get("seen"); seen != "" && values.Get("do") != "check" {
		in.DryRun, in.Seen = false, seen
	}
	return h.afterImport(w, r, p, in, files)
}

// afterImport imports the files, or says what they would change.
func (h *Handlers) afterImport(
	w http.ResponseWriter, r *http.Request, p edit.ImportPage, in postgres.Import, files []yamlform.File,
) error {
	out, err := h.DB.Import(r.Context(), in)
	refused, invalid := errors.AsType[fault.Invalid](err)
	if err == nil && !in.DryRun {
		return h.afterEdit(w, r, nil, importedPath(in.Folder), "imported")
	}
	if err != nil && !invalid && !errors.Is(err, fault.Conflict) {
		return err
	}
	addChanges(&p, files, out.Changes)
	p.Refused, p.Stale, p.Seen = refused, !in.DryRun && !invalid, out.Seen
	for _, g := range out.Pages {
		p.Guides = append(p.Guides, edit.Choice{Value: g.Slug, Words: g.Title})
	}
	status := http.StatusOK
	switch {
	case invalid:
		status = http.StatusUnprocessableEntity
	case err != nil:
		status = http.StatusConflict
	}
	return h.importPage(w, r, status, p)
}

// importedPath returns the page on which a member sees what they imported.
func importedPath(folder guide.Folder) string {
	switch {
	case folder.Site == nil && len(folder.Guides) == 1 && len(folder.Options) == 0:
		return "/staff/guides/" + folder.Guides[0].Slug
	case folder.Site == nil && len(folder.Guides) == 0 && len(folder.Options) == 1:
		return options.OptionPath(folder.Options[0].Slug)
	}
	return importPath
}

// uploaded returns the files of the form, each with a name of its own.
func uploaded(values url.Values) (texts []yamlform.Text) {
	taken := map[string]bool{}
	add := func(name, content string) {
		name = page.Storable(path.Base(strings.ReplaceAll(name, `\`, "/")))
		unique := name
		for i := 2; taken[unique]; i++ {
			unique = fmt.Sprintf("%s (%d)", name, i)
		}
		taken[unique] = true
		texts = append(texts, yamlform.Text{Name: unique, Content: []byte(content)})
	}
	names := values[page.FileNameField]
	for i, content := range values[page.FileField] {
		name := fmt.Sprintf("file-%d.yaml", i+1)
		if i < len(names) && names[i] != "" {
			name = names[i]
		}
		add(name, content)
	}
	if pasted := values.Get("text"); strings.TrimSpace(pasted) != "" {
		add("pasted.yaml", pasted)
	}
	return texts
}

// checkFiles returns what the files hold and what "guide check" says of them, together with the options that the site has.
func (h *Handlers) checkFiles(r *http.Request, texts []yamlform.Text) ([]yamlform.File, []yamlform.Finding, error) {
	files, findings := yamlform.Read(texts)
	findings = append(findings, yamlform.Undrawn(files, card.Draws)...)
	known, err := h.DB.OptionsNamed(r.Context(), optionsElsewhere(yamlform.Collect(files)))
	if err != nil {
		return nil, nil, err
	}
	all := slices.Clone(files)
	for _, o := range known {
		all = append(all, yamlform.File{Option: &o})
	}
	findings = slices.DeleteFunc(yamlform.Check(all, findings, h.Settings.Load().Today), func(f yamlform.Finding) bool {
		return f.File == "" // an option that the site has
	})
	for _, f := range files {
		if f.Site != nil && !page.Member(r).Role.AtLeast(staff.Admin) {
			findings = append(findings, yamlform.Finding{
				File: f.Name, Line: 1, Column: 1,
				Message: "only admins can import the site's identity: remove this file, or ask an admin",
			})
		}
	}
	return files, findings, nil
}

// optionsElsewhere returns the options that the guides compare and that are not among the files.
func optionsElsewhere(folder guide.Folder) []string {
	slugs := []string{}
	for _, g := range folder.Guides {
		for _, slug := range g.Options {
			here := slices.ContainsFunc(folder.Options, func(o guide.Option) bool { return o.Slug == slug })
			if !here && yamlform.IsSlug(slug) {
				slugs = append(slugs, slug)
			}
		}
	}
	slices.Sort(slugs)
	return slices.Compact(slugs)
}

// addFindings puts each finding at its file, mistakes before warnings where there are too many.
func addFindings(p *edit.ImportPage, findings []yamlform.Finding) {
	shown := 0
	for _, warnings := range []bool{false, true} {
		for _, f := range findings {
			if f.Warning != warnings {
				continue
			}
			if shown++; shown > maxFindings {
				p.More++
				continue
			}
			i := slices.IndexFunc(p.Files, func(file edit.ImportFile) bool { return file.Name == f.File })
			p.Files[i].Problems = append(p.Files[i].Problems, edit.Problem{Text: page.Storable(f.String()), Warning: f.Warning})
		}
	}
}

// addChanges puts each change at its file.
func addChanges(p *edit.ImportPage, files []yamlform.File, changes []postgres.Change) {
	for i, f := range files {
		file := &p.Files[i]
		switch {
		case f.Option != nil:
			file.Subject, file.Address = f.Option.Name, options.OptionPath(f.Option.Slug)
		case f.Guide != nil:
			file.Subject, file.Address = f.Guide.Title, "/staff/guides/"+f.Guide.Slug
		case f.Site != nil:
			file.Subject, file.Address = "Site", "/staff/site"
		}
		for _, c := range changes {
			if c.Name == f.Subject() {
				file.State, file.Parts, file.Notes = string(c.State), c.Parts, c.Notes
				file.IsGuide = f.Guide != nil
			}
		}
	}
}
