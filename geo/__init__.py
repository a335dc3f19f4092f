"""Maps: coordinates, shapes, classes, the screen map and the printed one. Frames in, frames or maps out."""
