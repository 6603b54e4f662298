// Players of a page, its meter, its chapters, and what is on.
import { NowPlace } from "./now";
import { Player } from "./player";

const players = [...document.querySelectorAll<HTMLElement>("[data-player]")].map(
  (root) => new Player(root),
);
const [first] = players;

function wire(player: Player): void {
  player.showPrices(document.querySelector<HTMLElement>("[data-meter]"));
  const place = document.querySelector<HTMLElement>("[data-now]");
  if (place) new NowPlace(place, player);
  for (const link of document.querySelectorAll<HTMLElement>("[data-listen]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      player.listen();
    });
  }
  player.followChapters([...document.querySelectorAll<HTMLElement>("[data-seek]")]);
}

/** "Tonton 240p" and "Dengar saja" of another page were the tap already. */
function obeyAddress(player: Player): void {
  if (location.hash === "#putar") player.begin();
  if (location.hash === "#dengar") player.listen();
  const moment = /^#t=(\d+)$/.exec(location.hash);
  if (moment) player.startAt(Number(moment[1]));
}

if (first) {
  wire(first);
  obeyAddress(first);
}
