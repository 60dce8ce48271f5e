"use strict";
(() => {
  const data = JSON.parse(document.getElementById("weights-data").textContent);
  const form = document.querySelector(".tools"), target = document.getElementById("own-tables");
  const sliders = [...form.querySelectorAll("input[type=range]")], shares = [...form.querySelectorAll(".share")];
  const titles = [...document.querySelectorAll("section.cohort h2")].map((title) => title.textContent);
  const number = (text) => { const [a, b] = text.split("/"); return Number(a) / Number(b); };
  const cohorts = data.cohorts.map((rows) => rows.map((row) => ({ ...row, shares: row.shares.map(number) })));
  const make = (tag, text = "", name = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const near = (a, b) => Math.abs(a - b) < 1e-9;
  const show = () => {
    const weights = sliders.map((slider) => Number(slider.value)), whole = weights.reduce((a, b) => a + b, 0);
    shares.forEach((share, place) => { share.textContent = whole ? `${((100 * weights[place]) / whole).toFixed(0)}%` : "none"; });
    target.replaceChildren();
    if (!whole) { target.append(make("p", "Give at least one category a weight.")); return; }
    cohorts.forEach((rows, place) => {
      const scored = rows.map((row) => ({ ...row, score: (Number(data.maximum) * row.shares.reduce((sum, share, at) => sum + share * weights[at], 0)) / whole }));
      scored.sort((a, b) => (near(a.score, b.score) ? a.rank - b.rank : b.score - a.score));
      const table = make("table", "", "own"), head = table.createTHead().insertRow(), body = table.createTBody();
      table.append(make("caption", titles[place]));
      for (const [text, name] of [["Rank", "n"], ["Company", ""], ["Score", "n"], ["Moved", "n"]]) {
        const cell = make("th", text, name);
        cell.scope = "col";
        head.append(cell);
      }
      scored.forEach((row) => {
        const rank = 1 + scored.filter((other) => other.score > row.score && !near(other.score, row.score)).length;
        const line = body.insertRow(), name = make("th", row.name);
        name.scope = "row";
        const moved = row.rank - rank;
        line.append(make("td", String(rank), "n"), name, make("td", row.score.toFixed(2), "n"), make("td", moved > 0 ? `▲ ${moved}` : moved < 0 ? `▼ ${-moved}` : "", "n"));
      });
      target.append(table);
    });
  };
  form.addEventListener("input", show);
  form.addEventListener("click", (event) => {
    const kind = event.target.dataset.weights;
    if (!kind) return;
    sliders.forEach((slider, place) => { slider.value = kind === "equal" ? slider.max / 2 : Number(data.weights[place]); });
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
})();
