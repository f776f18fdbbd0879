/** Where all of the story happens; in the registry it is what its images and charts are below. */
export const namespace = "shop";
