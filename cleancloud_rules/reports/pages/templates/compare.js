"use strict";
(() => {
  const data = JSON.parse(document.getElementById("compare-data").textContent);
  const form = document.querySelector(".tools"), table = document.querySelector(".compare");
  const [first, second] = [form.elements.first, form.elements.second];
  const minus = "\u2212", scale = 10 ** data.digits;
  const units = (text) => (text === null ? null : Math.round(Number(text) * scale));
  const shown = (value) => `${value < 0 ? minus : ""}${(Math.abs(value) / scale).toFixed(data.digits)}`;
  const figure = (text) => (text === null ? "none" : text.replace("-", minus));
  const make = (tag, text = "", name = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const drawing = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  for (const select of [first, second]) {
    for (const [id, company] of Object.entries(data.companies)) {
      const option = make("option", company.name);
      option.value = id;
      select.append(option);
    }
  }
  const bar = (difference, most, tone) => {
    const svg = drawing("svg", { class: "bar", width: "100%", height: "18", "aria-hidden": "true" });
    svg.append(drawing("rect", { class: "end", x: "50%", y: 1, width: 1.5, height: 16 }));
    if (difference) {
      const width = (Math.abs(difference) / most) * 50;
      svg.append(drawing("rect", { class: tone, x: `${difference < 0 ? 50 - width : 50}%`, y: 4, width: `${width}%`, height: 10 }));
    }
    return svg;
  };
  const row = (name, head, cells, difference, most, tone) => {
    const made = make("tr", "", name), title = make("th");
    title.scope = "row";
    title.append(head);
    made.append(title);
    for (const [figures, said, target, invented, label] of cells) {
      const cell = make("td"), shown = make("span", target ? "" : figures);
      if (target) { const link = make("a", figures); link.href = target; shown.append(link); }
      cell.append(shown);
      if (label) cell.dataset.label = label;
      if (said && invented) {
        const sentence = make("small");
        sentence.append(make("b", "Hypothetical: ", "loud"), make("i", said));
        cell.append(sentence);
      } else if (said) cell.append(make("small", said));
      made.append(cell);
    }
    const last = make("td", difference === null ? "" : shown(difference), "n");
    if (difference !== null) last.dataset.label = "Difference";
    made.append(last);
    const chart = make("td", "", "chart");
    if (difference !== null && most) chart.append(bar(difference, most, tone));
    made.append(chart);
    return made;
  };
  const minusOf = (a, b) => (a === null || b === null ? null : a - b);
  const earned = (one, id) => one.criteria[id] || null;
  const effect = (result) => (result === null ? 0 : units(data.adds_up ? result.effect : result.points));
  const lede = (a, b) => {
    const title = document.getElementById("compare-title"), text = document.getElementById("compare-lede");
    const [left, right] = [units(a.total), units(b.total)];
    if (left === null || right === null) { title.textContent = `${a.name} and ${b.name}`; text.textContent = a.words || b.words ? [a, b].map((company) => `${company.name}: ${company.words || "none"}.`).join(" ") : "There is no total to compare for both."; return; }
    if (data.hypothetical) {
      title.textContent = `${a.name} and ${b.name}, with hypothetical facts`;
      text.textContent = [a, b].map((company) => `${company.name}: ${figure(company.stated)} from stated facts, and (${figure(company.added)}) from facts that a solver chose.`).join(" ");
      return;
    }
    const [high, low] = left >= right ? [a, b] : [b, a];
    title.textContent = left === right ? `By stated facts ${a.name} and ${b.name} have the same total` : `By stated facts ${high.name} is ${shown(Math.abs(left - right))} above ${low.name}`;
    const facts = `Stated facts support ${figure(a.total)} for ${a.name} and ${figure(b.total)} for ${b.name}.`;
    const [one, other] = [a.published, b.published];
    if (one === null || other === null) { text.textContent = facts; return; }
    const printed = Number(one) - Number(other);
    const agrees = printed === 0 ? left === right : left !== right && printed > 0 === left > right;
    text.textContent = `${agrees ? "The published order is the same" : left !== right && printed !== 0 ? "The publisher has it the other way round" : "The published totals"}: ${a.name} ${figure(one)}, ${b.name} ${figure(other)}. ${facts}`;
  };
  const show = () => {
    const [a, b] = [data.companies[first.value], data.companies[second.value]];
    lede(a, b);
    const head = table.tHead.rows[0].cells, body = table.tBodies[0];
    [[a, first.value], [b, second.value]].forEach(([company, id], place) => {
      const link = make("a", company.name);
      link.href = `companies/${id}.html`;
      head[1 + place].replaceChildren(link);
    });
    head[3].textContent = data.adds_up ? "Difference on the total" : "Difference";
    body.replaceChildren();
    const both = (read) => [a, b].map((company) => [read(company), "", "", false, company.name]);
    const differences = data.categories.flatMap((category) => category.criteria.map((criterion) => Math.abs(effect(earned(a, criterion.id)) - effect(earned(b, criterion.id)))));
    const most = Math.max(...differences, 0);
    let categories = 0;
    data.categories.forEach((category, place) => {
      let sum = 0;
      for (const criterion of category.criteria) {
        const [left, right] = [earned(a, criterion.id), earned(b, criterion.id)];
        if (!left && !right) continue;
        const difference = effect(left) - effect(right);
        sum += difference;
        const link = make("a", criterion.title);
        link.href = `criteria/${criterion.id}.html`;
        const cells = [[left, first.value], [right, second.value]].map(([result, id]) => (result ? [`${figure(result.points)} of ${figure(result.max)}`, data.sentences[result.because], `companies/${id}.html#${criterion.id}`, result.hypothetical, data.companies[id].name] : ["no points", "", "", false, data.companies[id].name]));
        body.append(row(difference ? "" : "equal", link, cells, difference, most, category.tone));
      }
      const [left, right] = [a.scores[place], b.scores[place]];
      const difference = minusOf(units(left), units(right));
      if (data.adds_up && difference !== sum) body.append(row("rounding", make("span", "Rounding of the category"), [["", ""], ["", ""]], difference - sum, 0, ""));
      categories += difference || 0;
      const name = make("span", category.title);
      body.append(row("category", name, both((company) => (company.scores[place] === null ? company.points[place] : figure(company.scores[place]))), difference, 0, ""));
    });
    const difference = minusOf(units(a.total), units(b.total));
    if (data.adds_up && difference !== categories) body.append(row("rounding", make("span", "Rounding of the total"), [["", ""], ["", ""]], difference - categories, 0, ""));
    if (a.total !== null || b.total !== null) body.append(row("total", make("span", "Total"), both((company) => figure(company.total)), difference, 0, ""));
    table.hidden = false;
  };
  const ids = Object.keys(data.companies);
  const read = () => {
    const wanted = location.hash.slice(1).split(",");
    first.value = wanted[0] in data.companies ? wanted[0] : ids[0];
    second.value = wanted[1] in data.companies ? wanted[1] : ids.find((id) => id !== first.value);
    show();
  };
  form.addEventListener("change", () => { history.replaceState(null, "", `#${first.value},${second.value}`); show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => { if (location.hash.includes(",")) read(); });
  form.hidden = false;
  read();
})();
