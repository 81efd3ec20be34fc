import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { TrackScreen } from '../../../screens/track';

const Page = () => <TrackScreen language="en" />;

export const metadata = metadataFor(languages.en.words.track.title, 'en');
export default Page;
