// Plays a run: shows what the data say of one moment under one protocol. It makes up no words and no figures: texts come
// from the data, and what is counted here, the cells of the confusion matrices, are counts of the answers in the data.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const MOMENTS = data.steps.length;
const PER_SECOND = 8; // moments, at speed 1
const SVG = "http://www.w3.org/2000/svg";
const MOST_PICTURES = 12; // classes of a task that are shown; of more their names are read
const MOST_CLASSES = 30; // of a matrix that has room for figures

const state = { at: MOMENTS - 1, protocol: data.protocols[0].name, playing: false };

// --- Building elements -----------------------------------------------------------------------------------------------

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function draw(parent, tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

/** Give an element the colours of a learner, on light and on dark. */
function dress(element, place) {
  const { light, light_words: words, dark } = data.names[place];
  element.classList.add("of");
  element.style.setProperty("--light", light);
  element.style.setProperty("--light-words", words);
  element.style.setProperty("--dark", dark);
  return element;
}

/** Show the image with this place in the sprite, whatever the element's size. */
function picture(element, tile) {
  const { columns, rows, width, height, border } = data.sprite;
  const [x, y] = [tile % columns, Math.floor(tile / columns)];
  const across = part(columns, x, width, border);
  const down = part(rows, y, height, border);
  element.classList.add("image");
  element.style.backgroundSize = `${across.size}% ${down.size}%`;
  element.style.backgroundPosition = `${across.place}% ${down.place}%`;
  return element;
}

/** Size and place, in percent as CSS counts them, of one of some cells with borders. */
function part(count, place, length, border) {
  const inner = length - 2 * border;
  const size = (count * length) / inner;
  return { size: 100 * size, place: size > 1 ? (100 * (place * length + border)) / inner / (size - 1) : 0 };
}

const text = (number) => data.texts[number];
const view = () => data.views[state.protocol];
const scene = () => view().scenes[state.at];
const task = () => data.tasks[state.at];
const isWide = () => matchMedia("(min-width: 62rem)").matches; // as in the style: two columns
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// --- Answers ---------------------------------------------------------------------------------------------------------

const decoded = new Map();

/** What somebody answers to every probe image at every moment: the class, or -1; image by image. */
function answers(place) {
  const key = `${state.protocol} ${place}`;
  if (!decoded.has(key)) decoded.set(key, decode(view().answers[place]));
  return decoded.get(key);
}

function decode(code) {
  const letters = data.classes.letters;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const found = new Int16Array(MOMENTS * data.classes.labels.length);
  const run = new RegExp(`([A-Za-z-]{${letters}})(\\d*)`, "g");
  code.split(",").forEach((image, number) => {
    let at = number * MOMENTS;
    for (const [, name, count] of image.matchAll(run)) {
      const unit = name[0] === "-" ? -1 : [...name].reduce((sum, each) => sum * 52 + alphabet.indexOf(each), 0);
      const end = at + (count ? Number(count) : 1);
      found.fill(unit, at, end);
      at = end;
    }
  });
  return found;
}

const answer = (found, image) => found[image * MOMENTS + state.at];

// --- Story -----------------------------------------------------------------------------------------------------------

function piece(number) {
  const [said, learner, ofTask, strong] = data.pieces[number];
  if (ofTask >= 0) return kinds(ofTask);
  if (learner >= 0) return dress(make("span", "name", text(said)), learner);
  return strong ? make("b", "", text(said)) : document.createTextNode(text(said));
}

/** The classes of a task as pictures, and in words for who hears them. */
function kinds(ofTask) {
  const made = make("span", ofTask > task() ? "kinds later" : "kinds");
  made.title = data.classes.told[ofTask];
  data.classes.tasks.forEach((each, unit) => {
    if (each === ofTask && unit in data.sprite.classes && made.childElementCount < MOST_PICTURES) {
      made.append(picture(make("i"), data.sprite.classes[unit]));
    }
  });
  made.append(make("span", "said", `(${data.classes.told[ofTask]})`));
  return made;
}

function tell(element, ways) {
  element.replaceChildren(...ways.flatMap((way, place) => (place ? [" ", ...way.map(piece)] : way.map(piece))));
}

let told = "";

function showStory() {
  const story = scene().story;
  const key = JSON.stringify([task(), story]);
  if (key === told) return;
  told = key;
  tellLearnt(story[0]);
  tell($("because"), story.slice(1));
}

/** Say what was learnt in the longest wording that takes no more lines than there should be. */
function tellLearnt(number) {
  const element = $("learnt");
  const line = parseFloat(getComputedStyle(element).lineHeight);
  const lines = innerWidth < 768 ? 3 : 1;
  for (const way of data.sentences[number] ?? []) {
    tell(element, [way]);
    if (element.scrollHeight < (lines + 0.5) * line) return;
  }
}

/** Keep so much room for the story that nothing below it moves while it changes. */
function keepRoom() {
  const [learnt, because] = [$("learnt"), $("because")];
  for (const element of [learnt, because]) element.style.minHeight = "";
  const high = [0, 0];
  const seen = new Set();
  for (const { story } of view().scenes) {
    const letters = story.slice(1).map((way) => way.map((number) => text(data.pieces[number][0]).length));
    const key = JSON.stringify([story[0], letters]);
    if (seen.has(key)) continue; // as many letters take as much room
    seen.add(key);
    tellLearnt(story[0]);
    tell(because, story.slice(1));
    high[0] = Math.max(high[0], learnt.offsetHeight);
    high[1] = Math.max(high[1], because.offsetHeight);
  }
  learnt.style.minHeight = `${high[0]}px`;
  because.style.minHeight = `${high[1]}px`;
  told = "";
}

// --- Cards -----------------------------------------------------------------------------------------------------------

const PARTS = ["plain", "digits", "unit", "sample", "change", "new"];
const ORDER = { digits: 0, unit: 1, sample: 2, change: 3, new: 4, plain: 5 };
const cards = [];

function makeCards() {
  data.names.slice(1).forEach((name, place) => {
    const card = dress(make("article", "card"), place + 1);
    card.append(make("h2", "", `${name.sign} ${name.label}`));
    const lines = Object.fromEntries(PARTS.map((each) => [each, make("p", each)]));
    const [big, of] = [make("div", "big"), make("div", "on")];
    of.append(lines.unit, lines.sample);
    big.append(lines.digits, of);
    card.append(lines.plain, big, lines.change, lines.new);
    cards.push(lines);
    $("cards").append(card);
  });
}

const LINES = ["unit", "sample", "change", "new"]; // parts of a card that are one line each
const FORMS = 4; // wordings of each at most
const forms = {};

/** Choose for every line of the cards the longest wording of which each card, at every moment, has room. */
function chooseForms() {
  const ruler = document.createElement("canvas").getContext("2d");
  for (const part of LINES) {
    const lines = cards.map((card) => card[part]);
    for (const line of lines) line.style.fontSize = "";
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(lines[0]);
    ruler.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const room = Math.min(...lines.map((line) => line.clientWidth));
    const widest = widths(part, ruler);
    const fitting = widest.findIndex((width) => width <= room);
    forms[part] = fitting < 0 ? FORMS - 1 : fitting;
    if (fitting >= 0) continue;
    const scale = Math.max(0.75, room / widest[FORMS - 1]); // smaller before it is cut
    for (const line of lines) line.style.fontSize = `${(scale * parseFloat(fontSize)).toFixed(2)}px`;
  }
}

/** Pixels of the widest text of a part of the cards, by wording. */
function widths(part, ruler) {
  const used = new Set();
  for (const { name } of data.protocols) {
    for (const { cards: said } of data.views[name].scenes) said.forEach((card) => used.add(card[ORDER[part]]));
  }
  return Array.from({ length: FORMS }, (_, form) => {
    const lines = [...used].flatMap((number) => wording(number, form).split("\n"));
    return Math.max(...lines.map((line) => ruler.measureText(line).width));
  });
}

/** A short text in one of its wordings, the shortest where it has not so many. */
const wording = (number, form) => text(data.wordings[number][Math.min(form, data.wordings[number].length - 1)]);

function showCards() {
  cards.forEach((lines, place) => {
    for (const part of PARTS) lines[part].textContent = wording(scene().cards[place][ORDER[part]], forms[part] ?? 0);
  });
  $("caption").textContent = text(scene().caption);
}

// --- Curves ----------------------------------------------------------------------------------------------------------

const plot = { x: (place) => place, y: (percent) => percent };
const SIDES = ["old", "new"];

function makeKey() {
  for (const [side, className] of [["old", "curve old"], ["new", "curve new"], ["guessing", "guess"]]) {
    const label = make("span");
    const line = draw(label, "svg", { viewBox: "0 0 44 10", "aria-hidden": "true" });
    draw(line, "path", { d: "M0 5H44", class: className });
    line.style.setProperty("--c", "currentColor");
    label.append(` ${data.axis[side]}  `);
    $("key").append(label, " ");
  }
}

function drawPlot() {
  const place = $("drawing");
  const [width, height] = [place.clientWidth, place.clientHeight];
  if (!width || !height) return;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("role", "img");
  place.replaceChildren(svg);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const line = 1.05 * rem;
  const labels = endLabels(svg, width);
  const [left, right] = [3.1 * rem, width - labels.room - 10];
  const [top, bottom] = [1.5 * line, height - 2.3 * line];
  plot.x = (at) => left + at * (right - left);
  plot.y = (percent) => bottom - (percent / 100) * (bottom - top);
  Object.assign(plot, { svg, left, right, top, bottom, line });
  drawGround();
  const guides = draw(svg, "clipPath", { id: "past" });
  plot.past = draw(guides, "rect", { x: 0, y: 0, width: 0, height });
  drawCurves({ class: "ahead" });
  drawCurves({ "clip-path": "url(#past)" });
  plot.now = draw(svg, "line", { class: "now", y1: top, y2: bottom });
  plot.dots = data.names.map((_, who) => dress(draw(svg, "g", {}), who));
  drawEnds(labels);
}

function drawGround() {
  const { axis, narrowed } = data.axis;
  const { svg, left, right, top, bottom, line } = plot;
  for (const [from, to] of data.axis.bands) {
    draw(svg, "rect", { class: "band", x: plot.x(from), y: top, width: plot.x(to) - plot.x(from), height: bottom - top });
  }
  for (const percent of [0, 25, 50, 75, 100]) {
    draw(svg, "line", { class: "grid", x1: left, x2: right, y1: plot.y(percent), y2: plot.y(percent) });
    draw(svg, "text", { x: left - 5, y: plot.y(percent) + 4, "text-anchor": "end" }, `${percent} %`);
  }
  const begins = data.axis.begins.map(([at, ...labels]) => [plot.x(at), labels]);
  begins.forEach(([x, labels], place) => {
    draw(svg, "line", { class: "begin", x1: x, x2: x, y1: top - 4, y2: bottom });
    const room = (begins[place + 1]?.[0] ?? right + 60) - x - 8;
    write(svg, x, top - 8, room, labels);
  });
  if (data.axis.base) write(svg, left, top - 8, plot.x(data.axis.base) - left - 6, ["task 1", "1"]);
  drawTicks(line);
  write(svg, left, bottom + 2.1 * line, plot.svg.clientWidth - left, [axis + narrowed, axis, axis.split(",")[0]]);
  drawGuessing();
}

/** Write the longest of some texts that there is room for. */
function write(svg, x, y, room, texts) {
  const made = draw(svg, "text", { x, y });
  for (const each of texts) {
    made.textContent = each;
    if (made.getComputedTextLength() <= room) return;
  }
  made.remove();
}

function drawTicks(line) {
  const taken = [];
  for (const [at, step] of data.axis.ticks) {
    const x = plot.x(at);
    const made = draw(plot.svg, "text", { x, y: plot.bottom + line, "text-anchor": "middle" }, step);
    const half = made.getComputedTextLength() / 2 + 7;
    if (taken.some(([low, high]) => x + half > low && x - half < high)) made.remove();
    else taken.push([x - half, x + half]);
  }
}

/** The dotted line of what guessing gets right of the old tasks, with a step at every beginning. */
function drawGuessing() {
  const levels = view().curves.chance;
  const path = levels.map(([at, percent], place) => {
    const end = place + 1 < levels.length ? levels[place + 1][0] : 1;
    return `M${plot.x(at)} ${plot.y(percent)}H${plot.x(end)}`;
  });
  draw(plot.svg, "path", { class: "guess", d: path.join("") });
}

/** Draw all curves and full tests, once faintly and once as far as one has come. */
function drawCurves(attributes) {
  const group = draw(plot.svg, "g", attributes);
  view().curves.heights.forEach((sides, who) => {
    sides.forEach((heights, side) => {
      dress(draw(group, "path", { class: `curve ${SIDES[side]}`, d: path(heights) }), who);
    });
  });
  drawTests(group);
}

/** A curve as a path: broken where it has no height, and where a later task begins, for it goes on on other images. */
function path(heights) {
  let made = "";
  let before = -1;
  heights.forEach((percent, at) => {
    if (percent === null) return;
    const joined = before === at - 1 && (data.tasks[before] === data.tasks[at]) && at > 0;
    made += `${joined ? "L" : "M"}${plot.x(data.places[at]).toFixed(1)} ${plot.y(percent).toFixed(1)}`;
    before = at;
  });
  return made;
}

function drawTests(parent) {
  view().curves.tests.forEach((tests, who) => {
    const group = dress(draw(parent, "g", {}), who);
    for (const [at, ...sides] of tests) {
      sides.forEach((percent, side) => {
        if (percent === null) return;
        const [x, y, r] = [plot.x(at), plot.y(percent), side ? 3.2 : 4.6];
        draw(group, "path", { class: "test", d: `M${x - r} ${y}L${x} ${y - r}L${x + r} ${y}L${x} ${y + r}Z` });
      });
    }
  });
}

/** The labels at the curves' ends, in full or short, and the room that they take. */
function endLabels(svg, width) {
  const ends = [];
  view().curves.heights.forEach((sides, who) => {
    if (!who) return;
    sides.forEach((heights, side) => {
      const at = heights.findLastIndex((percent) => percent !== null);
      if (at >= 0) ends.push({ who: [who], side, at, percent: heights[at] });
    });
  });
  const joined = [];
  for (const end of ends) {
    const other = joined.find((each) => end.side && each.side && Math.abs(each.percent - end.percent) < 6);
    if (other) other.who.push(...end.who);
    else joined.push(end);
  }
  const said = (form) => joined.map(({ who, side }) => {
    const signs = who.map((each) => data.names[each].sign).join(" ");
    return side ? `${signs} ${data.axis.end}` : `${signs} ${data.names[who[0]][form]}`;
  });
  const measure = draw(svg, "text", { class: "end" });
  const widest = (texts) => Math.max(0, ...texts.map((each) => ((measure.textContent = each), measure.getComputedTextLength())));
  let texts = said("label");
  if (widest(texts) > 0.2 * width) texts = said("short");
  const room = widest(texts) + 14;
  measure.remove();
  return { joined, texts, room };
}

function drawEnds({ joined, texts }) {
  const line = plot.line;
  const order = joined.map((end, place) => ({ ...end, text: texts[place], y: plot.y(end.percent) })).sort((a, b) => a.y - b.y);
  spread(order, line, plot.top + line / 2, plot.bottom - line / 2);
  for (const end of order) {
    const from = plot.x(data.places[end.at]);
    const x = plot.right + 12;
    if (Math.abs(end.put - end.y) > 0.5 * line && from > plot.right - 4) {
      draw(plot.svg, "line", { class: "lead", x1: from + 4, y1: end.y, x2: x - 3, y2: end.put });
    }
    const label = draw(plot.svg, "text", { class: "end", x, y: end.put + 0.32 * line }, end.text);
    if (end.who.length === 1) dress(label, end.who[0]);
    else label.style.fill = "var(--text)";
  }
}

/** Put labels, in the order of their heights, so that none covers another, as near to where they belong as can be. */
function spread(labels, line, top, bottom) {
  let low = top;
  for (const label of labels) {
    label.put = Math.max(label.y, low);
    low = label.put + line;
  }
  let high = bottom;
  for (const label of [...labels].reverse()) {
    label.put = Math.min(label.put, high);
    high = label.put - line;
  }
}

function showPlot() {
  $("plotted").textContent = text(scene().plot);
  if (!plot.svg) return;
  const x = plot.x(data.places[state.at]);
  plot.svg.setAttribute("aria-label", `${text(scene().plot)} ${text(scene().summary)}`);
  plot.past.setAttribute("width", x + 6); // with all of a full test here
  plot.now.setAttribute("x1", x);
  plot.now.setAttribute("x2", x);
  plot.dots.forEach((group, who) => {
    group.replaceChildren();
    view().curves.heights[who].forEach((heights, side) => {
      const percent = heights[state.at];
      if (percent !== null) draw(group, "circle", { class: "dot", cx: x, cy: plot.y(percent), r: side ? 3.5 : 5.5 });
    });
  });
}

// --- Memory wall -----------------------------------------------------------------------------------------------------

const wall = { grids: [], shown: "" };

function makeGrid(number) {
  const made = make("div", "grid-of");
  const [title, tiles] = [make("h3"), make("div", "tiles")];
  made.append(title, tiles);
  $("grids").append(made);
  wall.grids[number] = { made, title, tiles, all: [] };
}

/** The images that are looked at: those of all tasks before the current one. */
const wallImages = () => data.wall.images[Math.max(task(), 1)] ?? [];

/** Make the tiles of all grids, where other images are looked at than before. */
function fillWall() {
  const images = wallImages();
  if (wall.shown === images.join()) return;
  wall.shown = images.join();
  const labels = data.classes.labels;
  wall.perClass = Math.max(1, images.filter((image) => labels[image] === labels[images[0]]).length);
  for (const grid of wall.grids) {
    grid.all = images.map((image) => {
      const tile = make("div", "tile");
      tile.title = data.classes.names[labels[image]];
      tile.append(picture(make("i"), data.sprite.tiles[image]), make("span", "tag"));
      return tile;
    });
    grid.tiles.replaceChildren(...grid.all);
  }
  sizeWall();
}

/** Tiles as large as leaves all grids in sight on a wide screen, else as large as a grid's width gives. */
function sizeWall() {
  const grids = $("grids");
  const most = Math.max(...Object.values(data.wall.images).map((images) => images.length));
  const width = wall.grids[0].made.clientWidth;
  const across = getComputedStyle(grids).gridTemplateColumns.split(" ").length;
  const high = isWide() ? roomOfGrids() / Math.ceil(wall.grids.length / across) - wall.grids[0].title.offsetHeight - 16 : Infinity;
  let best = { tile: 0, columns: wall.perClass };
  for (let classes = 1; classes <= 4; classes += 1) { // in a row
    const columns = classes * wall.perClass;
    const tile = Math.min(width / columns, Math.max(high / Math.ceil(most / columns), 24)) - 2;
    if (tile > best.tile + 1 || (isWide() && tile === best.tile)) best = { tile, columns }; // the lower of two alike
  }
  const tile = Math.floor(clamp(best.tile, 10, 84));
  grids.style.setProperty("--tile", `${tile}px`);
  for (const grid of wall.grids) grid.tiles.style.gridTemplateColumns = `repeat(${best.columns}, max-content)`;
  wall.letters = data.classes.short.map((name) => clamp((tile - 4) / (0.6 * name.length), 6.5, Math.min(0.26 * tile, 15)));
  wall.named = tile >= 28; // else nobody could read them
}

/** Pixels that all grids have together down to the timeline, below their heading and above their captions. */
function roomOfGrids() {
  const others = [...$("wall").children].filter((each) => each !== $("grids"));
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return fold() - others.reduce((sum, each) => sum + each.offsetHeight + 0.4 * rem, 1.3 * rem);
}

function showWall() {
  const [legend, caption, titles] = scene().wall.length ? scene().wall : [0, 0, []];
  $("wall-legend").textContent = text(legend);
  $("wall-caption").textContent = text(caption);
  fillWall();
  wall.grids.forEach((grid, place) => {
    const title = titles[place];
    grid.made.style.visibility = title ? "visible" : "hidden";
    if (title) showGrid(grid, title);
  });
}

function showGrid({ title, tiles, all }, [who, said, habit]) {
  const images = wallImages();
  const labels = data.classes.labels;
  const began = data.wall.began[state.protocol][task()]?.[who];
  const found = answers(who);
  const words = make("span", "", text(said));
  words.prepend(dress(make("b", "", data.names[who].sign), who), " ");
  title.replaceChildren(words);
  tiles.setAttribute("role", "img");
  tiles.setAttribute("aria-label", text(said));
  images.forEach((image, place) => {
    const taken = answer(found, image);
    const right = taken === labels[image];
    const forgot = !right && began && data.later[state.at] && began[place] === "1";
    const named = wall.named && taken >= 0 && (!right || taken === habit);
    const className = `tile ${right ? "right" : forgot ? "forgot" : "never"}${named ? " named" : ""}`;
    const tile = all[place];
    if (tile.className !== className) tile.className = className;
    const name = named ? data.classes.short[taken] : "";
    if (tile.lastChild.textContent === name) return;
    tile.lastChild.textContent = name;
    if (named) tile.lastChild.style.fontSize = `${wall.letters[taken].toFixed(1)}px`;
  });
}

// --- Confusion matrices ----------------------------------------------------------------------------------------------

const matrices = { shown: "", tables: [] };

/** Classes that there are: those of all tasks so far. */
const seen = () => data.classes.tasks.filter((each) => each <= task()).length;

function makeMatrices(who) {
  const size = seen();
  const key = `${who} ${size} ${state.protocol}`;
  if (matrices.shown === key) return;
  matrices.shown = key;
  matrices.tables = who.map((place) => ({ place, ...makeMatrix(place, size) }));
  $("matrices").replaceChildren(...matrices.tables.map(({ made }) => made));
}

function makeMatrix(place, size) {
  const made = dress(make("div", "matrix"), place);
  const table = make("table");
  const { names, short, tasks } = data.classes;
  const first = (unit) => unit > 0 && tasks[unit] !== tasks[unit - 1];
  const border = (unit) => first(unit) && tasks[unit] === task();
  table.append(make("caption", "", `${data.names[place].sign} ${data.names[place].label}`));
  const head = table.createTHead().insertRow();
  head.append(make("th", "corner"));
  const cells = [];
  const body = table.createTBody();
  for (let unit = 0; unit < size; unit += 1) {
    const column = make("th", border(unit) ? "first" : "");
    column.scope = "col";
    column.title = names[unit];
    if (unit in data.sprite.classes) column.append(picture(make("i"), data.sprite.classes[unit]));
    column.append(make("span", "said", names[unit]));
    head.append(column);
    const row = body.insertRow();
    row.className = border(unit) ? "first" : "";
    const label = make("th", "", size > 12 ? short[unit] : names[unit]);
    label.scope = "row";
    label.title = names[unit];
    row.append(label);
    for (let taken = 0; taken < size; taken += 1) {
      const ruled = state.protocol === "task_aware" && tasks[unit] !== tasks[taken];
      const cell = make("td", [border(taken) && "first", taken === unit && "own", ruled && "ruled"].filter(Boolean).join(" "));
      cell.append(make("span"));
      row.append(cell);
      cells.push(cell);
    }
  }
  made.append(table);
  return { made, cells, size };
}

function showMatrices() {
  const said = scene().confusion;
  $("confusion-caption").textContent = said.length ? `${text(said[0])} ${data.how}` : "";
  $("confusion-said").textContent = said.length ? text(said[1]) : "";
  const few = seen() <= MOST_CLASSES; // of more, the sentence alone tells the most frequent mistakes
  const who = few ? (scene().wall[2] ?? []).map(([place]) => place) : [];
  makeMatrices(who);
  for (const { place, cells, size } of matrices.tables) {
    const counts = count(place, size);
    counts.forEach((number, cell) => showCell(cells[cell], number, Math.floor(cell / size)));
  }
}

/** How many probe images of each class are taken for each class, row by row. */
function count(place, size) {
  const counts = new Array(size * size).fill(0);
  const found = answers(place);
  data.classes.labels.forEach((label, image) => {
    const taken = answer(found, image);
    if (label < size && taken >= 0) counts[label * size + taken] += 1;
  });
  return counts;
}

const rowSizes = data.classes.labels.reduce((sizes, label) => ((sizes[label] = (sizes[label] ?? 0) + 1), sizes), {});

function showCell(cell, number, unit) {
  if (cell.dataset.count === String(number)) return;
  const total = rowSizes[unit] ?? 0;
  const share = total ? number / total : 0;
  cell.dataset.count = number;
  cell.firstChild.textContent = number ? data.classes.shares[total][number] : "";
  cell.style.setProperty("--share", number ? (0.1 + 0.9 * share).toFixed(3) : 0);
  cell.classList.toggle("deep", share > 0.55);
}

// --- Time ------------------------------------------------------------------------------------------------------------

let timer = 0;
let hashTimer = 0;

function show() {
  showStory();
  showCards();
  showPlot();
  showWall();
  showMatrices();
  const slider = $("slider");
  slider.value = state.at;
  slider.setAttribute("aria-valuetext", text(data.when[state.at]));
  $("when").textContent = text(data.when[state.at]);
}

/** Look at a moment; the address names it, and who hears the page is told, once it stands still. */
function go(at) {
  state.at = clamp(at, 0, MOMENTS - 1);
  show();
  settle();
}

function settle() {
  clearTimeout(hashTimer);
  if (state.playing) return;
  hashTimer = setTimeout(() => {
    $("live").textContent = text(scene().summary);
    const theme = document.documentElement.dataset.theme;
    const hash = `#step=${data.steps[state.at]}&protocol=${state.protocol}${theme ? `&theme=${theme}` : ""}`;
    try {
      history.replaceState(null, "", hash);
    } catch {
      // a browser may not let a page of a folder change its address: the page works without
    }
  }, 250);
}

function play(on) {
  state.playing = on;
  clearTimeout(timer);
  $("play").classList.toggle("playing", on);
  $("play").lastElementChild.textContent = on ? "Pause" : "Play";
  if (!on) {
    settle();
    return;
  }
  if (state.at === MOMENTS - 1) {
    state.at = 0;
    show();
  }
  tick();
}

function tick() {
  timer = setTimeout(() => {
    state.at += 1;
    show();
    if (state.at < MOMENTS - 1) tick();
    else play(false);
  }, 1000 / PER_SECOND / Number($("speed").value));
}

function take(protocol) {
  state.protocol = protocol;
  for (const input of $("protocols").querySelectorAll("input")) input.checked = input.value === protocol;
  layOut();
  settle();
}

/** The moment of the last probe at or before a step; the first one where there is none. */
const momentOf = (step) => Math.max(0, data.steps.findLastIndex((each) => each <= step));

/** Look where the address says: #step=12&protocol=class_incremental&theme=dark. */
function readHash() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const protocol = data.protocols.find(({ name }) => name === asked.get("protocol"));
  const theme = asked.get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (protocol) state.protocol = protocol.name;
  if (/^-?\d+$/.test(asked.get("step") ?? "")) state.at = momentOf(Number(asked.get("step")));
}

function makeTime() {
  $("shown").textContent = data.shown;
  $("slider").max = MOMENTS - 1;
  data.tasks.forEach((each, at) => {
    if (at && each === data.tasks[at - 1] && data.later[at] === data.later[at - 1]) return;
    const mark = make("button", "", `task ${each + 1}`);
    mark.type = "button";
    mark.style.left = `${(100 * at) / Math.max(1, MOMENTS - 1)}%`;
    mark.addEventListener("click", () => go(at));
    $("marks").append(mark);
  });
  for (const { name, term, plain, help } of data.protocols) {
    const label = make("label");
    const input = make("input");
    Object.assign(input, { type: "radio", name: "protocol", value: name });
    input.addEventListener("change", () => take(name));
    label.title = help;
    label.append(input, make("b", "", plain[0].toUpperCase() + plain.slice(1)), make("small", "", term));
    $("protocols").append(label);
  }
}

/** Drop marks that would cover the one before. */
function thinMarks() {
  let end = -1;
  for (const mark of $("marks").children) {
    mark.style.visibility = "visible";
    if (mark.offsetLeft < end) mark.style.visibility = "hidden";
    else end = mark.offsetLeft + mark.offsetWidth;
  }
}

// --- Hands -----------------------------------------------------------------------------------------------------------

function listen() {
  $("play").addEventListener("click", () => play(!state.playing));
  $("slider").addEventListener("input", (event) => {
    play(false);
    go(Number(event.target.value));
  });
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", () => {
    readHash();
    take(state.protocol);
  });
  const drawing = $("drawing");
  const drag = (event) => {
    if (!(event.buttons & 1) && event.type !== "pointerdown") return;
    play(false);
    const place = (event.clientX - drawing.getBoundingClientRect().left - plot.left) / (plot.right - plot.left);
    const apart = data.places.map((each) => Math.abs(each - place));
    go(apart.indexOf(Math.min(...apart)));
  };
  drawing.addEventListener("pointerdown", (event) => {
    drawing.setPointerCapture(event.pointerId);
    drag(event);
  });
  drawing.addEventListener("pointermove", drag);
}

const KEYS = {
  " ": () => play(!state.playing),
  ArrowLeft: () => go(state.at - 1),
  ArrowRight: () => go(state.at + 1),
  Home: () => go(0),
  End: () => go(MOMENTS - 1),
  p: () => take(data.protocols[(data.protocols.findIndex(({ name }) => name === state.protocol) + 1) % 2].name),
};

/** Keys work wherever one is, but where an element has a use of its own for them. */
function onKey(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!(key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target;
  if (on.matches("select, summary") || (key === " " && on.matches("button"))) return;
  if (on.matches("input[type=radio]") && key.startsWith("Arrow")) return;
  event.preventDefault();
  if (key !== " ") play(false);
  KEYS[key]();
}

/** Pixels from the stage down to the timeline: what is first seen should have its place there. */
function fold() {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return clamp(innerHeight - $("stage").offsetTop - $("transport").offsetHeight - 8, 28 * rem, 46 * rem);
}

/** Lay everything out for the room that there is. */
function layOut() {
  keepRoom();
  chooseForms();
  document.documentElement.style.setProperty("--fold", `${fold()}px`);
  drawPlot();
  wall.shown = "";
  thinMarks();
  show();
}

function start() {
  document.documentElement.style.setProperty("--sprite", `url("${data.sprite.uri}")`);
  $("stage").hidden = $("transport").hidden = false;
  readHash();
  makeCards();
  makeKey();
  data.names.slice(1).forEach((_, number) => makeGrid(number));
  makeTime();
  listen();
  take(state.protocol);
  let [width, height] = [innerWidth, innerHeight];
  new ResizeObserver(() => {
    drawPlot();
    showPlot();
  }).observe($("drawing"));
  addEventListener("resize", () => {
    if (width === innerWidth && (height === innerHeight || !isWide())) return; // a phone's bars come and go
    [width, height] = [innerWidth, innerHeight];
    layOut();
  });
}

start();
