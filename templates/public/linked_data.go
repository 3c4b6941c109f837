package public

import (
	"net/url"

	"tiebreak/internal/guide"
	"tiebreak/templates/ui"
)

// object is a node of linked data (JSON-LD, schema.org).
type object map[string]any

// linkedData tells machines what the page shows, in the same words: the article, where it stands, the options and the
// questions with their answers.
func (g GuidePage) linkedData() object {
	return object{"@context": "https://schema.org", "@graph": []object{g.article(), g.breadcrumbs(), g.compared(), g.answered()}}
}

func (g GuidePage) article() object {
	publisher := object{"@type": "Organization", "name": g.Brand(), "url": g.Home}
	return object{
		"@type": "Article", "@id": g.Canonical + "#article", "mainEntityOfPage": g.Canonical,
		"headline": g.guide().Title, "alternativeHeadline": guide.PlainText(g.guide().Subtitle),
		"description": g.Description, "image": g.Card.Address, "inLanguage": "en",
		"datePublished": ui.RFC3339(g.Edition.FirstAt), "dateModified": ui.RFC3339(g.Edition.MadeAt),
		"version": g.Edition.Digest, "author": publisher, "publisher": publisher,
	}
}

func (g GuidePage) breadcrumbs() object {
	steps := []ui.Link{
		{Words: "Guides", Address: g.Home},
		{Words: g.guide().Field, Address: g.Home + "?" + url.Values{"field": {g.guide().Field}}.Encode()},
		{Words: g.guide().Title, Address: g.Canonical},
	}
	return object{"@type": "BreadcrumbList", "itemListElement": listed(steps)}
}

// compared returns the options in the page's order, which is not a ranking.
func (g GuidePage) compared() object {
	var options []ui.Link
	for _, o := range g.Edition.Options {
		options = append(options, ui.Link{Words: o.Name, Address: g.Home + "options/" + o.Slug})
	}
	return object{
		"@type": "ItemList", "name": g.guide().Title, "numberOfItems": len(options),
		"itemListOrder": "https://schema.org/ItemListUnordered", "itemListElement": listed(options),
	}
}

func listed(links []ui.Link) []object {
	items := make([]object, len(links))
	for i, l := range links {
		items[i] = object{"@type": "ListItem", "position": i + 1, "name": l.Words, "item": l.Address}
	}
	return items
}

func (g GuidePage) answered() object {
	var questions []object
	for _, q := range g.guide().Questions {
		questions = append(questions, object{
			"@type": "Question", "name": q.Question,
			"acceptedAnswer": object{"@type": "Answer", "text": guide.PlainText(q.Answer)},
		})
	}
	return object{"@type": "FAQPage", "mainEntity": questions}
}
