package guide

// Folder is what a set of files holds.
type Folder struct {
	Site    *SiteChange // nil without a site.yaml
	Options []Option
	Guides  []Guide
}
