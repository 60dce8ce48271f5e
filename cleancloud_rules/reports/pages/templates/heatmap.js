"use strict";
(() => {
  const table = document.querySelector(".heat");
  const heads = [...table.tHead.rows[1].cells].map((cell) => cell.textContent);
  table.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("td");
    if (!cell || cell.title || !cell.parentElement.dataset.name) return;
    const state = cell.querySelector("i");
    const said = state ? state.textContent : `${cell.textContent} points`;
    cell.title = `${cell.parentElement.cells[0].textContent}, ${heads[cell.cellIndex]}: ${said}`;
  });
})();
