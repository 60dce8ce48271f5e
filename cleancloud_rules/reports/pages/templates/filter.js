"use strict";
(() => {
  const form = document.querySelector(".tools");
  const output = form.querySelector("output");
  const bodies = [...document.querySelectorAll("[data-cohort] tbody, tbody[data-cohort]")];
  const original = bodies.map((body) => [...body.rows]);
  const all = original.flat();
  const value = (name) => (form.elements[name] ? form.elements[name].value : "");
  const compare = (key) => (a, b) => {
    if (key === "name") return a.dataset.name < b.dataset.name ? -1 : 1;
    return (b.dataset[key] === undefined ? -Infinity : Number(b.dataset[key])) - (a.dataset[key] === undefined ? -Infinity : Number(a.dataset[key])) || 0;
  };
  const apply = () => {
    const cohort = value("cohort"), wanted = value("q").trim().toLowerCase(), key = value("sort");
    let shown = 0;
    bodies.forEach((body, place) => {
      const inside = body.closest("[data-cohort]");
      const fits = cohort === "" || inside.dataset.cohort === cohort;
      const heads = original[place].filter((row) => row.dataset.name === undefined);
      const companies = original[place].filter((row) => row.dataset.name !== undefined);
      const rows = [...heads, ...(key === "" ? companies : companies.sort(compare(key)))];
      let some = 0;
      for (const row of rows) {
        if (row.dataset.name !== undefined) {
          row.hidden = !(fits && row.dataset.name.includes(wanted));
          some += row.hidden ? 0 : 1;
        }
        body.append(row);
      }
      shown += some;
      inside.hidden = some === 0;
    });
    const total = all.filter((row) => row.dataset.name !== undefined).length;
    output.textContent = `${shown} of ${total} ${total === 1 ? "company" : "companies"}`;
  };
  const read = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const name of ["cohort", "q", "sort"]) {
      const field = form.elements[name], wanted = state.get(name) || "";
      if (!field) continue;
      field.value = wanted;
      if (field.value !== wanted) field.value = "";
    }
    apply();
  };
  const write = () => {
    const state = new URLSearchParams();
    for (const name of ["cohort", "q", "sort"]) if (value(name)) state.set(name, value(name));
    history.replaceState(null, "", `#${state}`);
    apply();
  };
  form.addEventListener("input", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => { if (location.hash.includes("=")) read(); });
  form.hidden = false;
  if (location.hash.includes("=")) read(); else apply();
})();
