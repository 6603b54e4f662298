// The Studio: clips that are sent, and those that are made, followed until they are ready.
import { receive } from "./film";
import { follow } from "./following";

for (const place of document.querySelectorAll<HTMLElement>("[data-told]")) follow(place);
for (const root of document.querySelectorAll<HTMLElement>("[data-film]")) receive(root);
