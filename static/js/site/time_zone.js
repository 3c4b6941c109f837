// A new site begins in the time zone of the person who sets it up.
const zone = document.querySelector("[data-guess-zone] #time_zone");
if (zone) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own && own !== "Etc/Unknown" && zone.value === zone.defaultValue) zone.value = own;
}

// Times in the reader's own zone, which only the browser knows.
for (const time of document.querySelectorAll("time[data-local]")) {
  const name = time.dataset.local; // of weekday and month: "long" or "short"
  const words = new Intl.DateTimeFormat("en-GB", {
    weekday: name, day: "numeric", month: name, year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  const instant = new Date(time.dateTime);
  if (Number.isNaN(instant.getTime())) continue;
  // A deadline at midnight is the end of the day before.
  const midnight = "due" in time.dataset && !instant.getHours() && !instant.getMinutes();
  time.textContent = midnight
    ? words.format(instant - 60000).replace(/(,| at) 23:59/, ", end of day")
    : words.format(instant);
}
