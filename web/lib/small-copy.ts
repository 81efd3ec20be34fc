/** Longest side of a smaller copy in pixels: a page of a letter is still readable. */
const LONGEST_SIDE = 1600;
const QUALITY = 0.8;

const isPhoto = ({ type }: File): boolean => /^image\/(jpeg|png|webp|heic|heif|avif)$/.test(type);

/**
 * A smaller JPEG of a photo, about 250 KB instead of 4 MB. What the camera wrote into the file (place, time, device) is not in it.
 * @returns the file itself when it is no photo, cannot be read here, or would not become smaller
 */
export const smallCopy = async (file: File): Promise<File> => {
  if (!isPhoto(file)) return file;
  try {
    const photo = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(photo.width, photo.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(photo.width * scale));
    canvas.height = Math.max(1, Math.round(photo.height * scale));
    canvas.getContext('2d')?.drawImage(photo, 0, 0, canvas.width, canvas.height);
    photo.close();
    const copy = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    // A small JPEG could come out larger; but then its camera data would stay in it, and that was not asked for.
    if (copy === null || (copy.size >= file.size && file.type !== 'image/jpeg')) return file;
    return new File([copy], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
  } catch {
    return file;
  }
};
