'use strict';
const value = (row, column) => {
  const cell = row.cells[column];
  return cell.matches('.number') ? Number(cell.dataset.value) : cell.textContent;
};
for (const head of document.querySelectorAll('.sortable thead th')) {
  head.firstChild.addEventListener('click', () => {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    const body = head.closest('table').tBodies[0], column = head.cellIndex;
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const order = (a, b) => {
      const x = value(a, column), y = value(b, column);
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      const sign = typeof x === 'number' ? x - y : x.localeCompare(y, 'en', {numeric: true});
      return up ? sign : -sign;
    };
    body.append(...[...body.rows].sort(order));
  });
}
const tools = document.getElementById('tools');
if (tools !== null) {
  const command = document.getElementById('command');
  const rows = document.querySelectorAll('#results tbody tr');
  tools.hidden = false;
  document.querySelector('#results tbody').addEventListener('click', event => {
    const row = event.target.closest('tr');
    command.value = 'ninetap-bench ' + row.cells[0].textContent;
  });
  document.getElementById('copy').addEventListener('click', () => {
    command.select();
    if (navigator.clipboard) navigator.clipboard.writeText(command.value);
    else document.execCommand('copy');
  });
  document.getElementById('search').addEventListener('input', event => {
    const words = event.target.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
    }
  });
}
