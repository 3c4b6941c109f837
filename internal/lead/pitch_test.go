package lead_test

import (
	"testing"

	"tiebreak/internal/lead"
)

func TestCustomersWhoSpeakOfRankingsAreNotSuspects(t *testing.T) {
	t.Parallel()
	for _, project := range []string{
		"Our shop lost its Google rankings after the relaunch last spring. On your blog we read that you know Django well; " +
			"our services pages have " +
			"become slow, and that is where the loss began. Two developers are here, budget is agreed.",
		"Relaunch of the site of a dental practice. SEO matters to me: new patients find me by Google. I found your website " +
			"through a friend, who said " +
			"that my packages page has to load fast. An affordable budget.",
		"Reporting dashboard for an SEO agency with Google rankings per customer. I saw your blog and liked your website. We " +
			"offer reports by hand " +
			"today, about 40 customers.",
		"Online shop for tea, 300 products. We provide the SEO texts and photos. Your website was named to us by a supplier. " +
			"Good price matters less.",
		"New site for a law firm. Organic traffic fell by half since March. We can provide you with all numbers, your blog " +
			"says that you like those. " +
			"Contact us in the afternoon.",
		"Our agency sells web traffic reports to hotels. A friend sent me your website. My prices page is drawn by hand each " +
			"month: automate that. " +
			"The first step today would be a call.",
		"Tool that tracks search rankings of our 40 clients. I read on your website how you chose between Vue and React. We " +
			"offer it as an add-on, " +
			"with a bonus for early clients.",
		"Portal for members of a trade union. SEO is handled by our agency. Seen on your blog: the guide about Django. I can " +
			"offer access to the old " +
			"system today; guarantee of a year is usual here.",
		"We are an SEO agency of six and came to your site by your guide. Our packages page and our prices are out of date, " +
			"the code is PHP 5. " +
			"Is FastAPI enough for that?",
		"Marketplace for boats. Google rankings are what we live from, so the pages must be drawn on the server. Your " +
			"business was recommended. Our " +
			"platform has 12,000 ads, and sellers join today by telephone.",
	} {
		c := lead.Contents{Name: "Ann", Email: "ann@acme.example", Project: project}
		if causes, enough := lead.Suspect(c, drawn, lead.Company{}); enough {
			t.Errorf("suspect %v: %s", causes, project)
		}
	}
}

func TestOfferToRankTheReadersSiteIsSuspect(t *testing.T) {
	t.Parallel()
	for _, project := range []string{
		"I found your blog and love it. I can provide a guest post with a dofollow link. Good price, 100% unique text.",
		"I came across your website and noticed that it does not rank on Google. We offer white hat SEO from $99 a month. " +
			"Reply to this mail for a free audit.",
		"Your site could get far more organic traffic. Our team can put you on the first page of Google. Shall I send prices?",
		"We are an SEO agency from Delhi. We offer affordable packages for your website. Contact us today.",
		"Hello! I can improve your rankings within 30 days, with white hat link building only. Your website deserves it.",
		"We checked your website and found 37 SEO errors. Our SEO packages are affordable and come with a guarantee.",
		"Do you want more web traffic? Your business is hard to find in a search engine. We guarantee results, cheap and fast.",
		"Greetings, I was on your website and see that you do not rank higher. I will help you get to the first page of Google.",
	} {
		c := lead.Contents{Name: "Lisa Morgan", Email: "lisa@outreach.example", Project: project}
		if causes, enough := lead.Suspect(c, drawn, lead.Company{}); !enough {
			t.Errorf("not suspect %v: %s", causes, project)
		}
	}
}
