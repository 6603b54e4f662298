// The Studio: photos and clips that are sent, and clips that are made, followed until they are ready.
import { receive } from "./film";
import { follow } from "./following";
import { send } from "./photos";

for (const place of document.querySelectorAll<HTMLElement>("[data-told]")) follow(place);
for (const root of document.querySelectorAll<HTMLElement>("[data-film]")) receive(root);
for (const form of document.querySelectorAll("form")) send(form);
