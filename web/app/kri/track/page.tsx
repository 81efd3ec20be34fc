import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { TrackScreen } from '../../../screens/track';

const Page = () => <TrackScreen language="kri" />;

export const metadata = metadataFor(languages.kri.words.track.title, 'kri');
export default Page;
